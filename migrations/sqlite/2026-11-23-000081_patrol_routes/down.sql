DROP TABLE patrol_route;
