DROP TABLE team_rating;
DROP TABLE team_evaluation;
