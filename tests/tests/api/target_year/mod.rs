//! A year of work under the five plans that ship, and the figures that it must come to. Every expected figure is worked
//! out by hand from the text of the plan and from what was logged; nothing here was copied from an answer of the program.

mod district;
mod ngoc_lac;
mod ngoc_lac_work;
mod standings;
mod thap_muoi;

use keng_tests::both_databases;
use ngoc_lac::a_district_of_21_communes_ends_its_year_with_the_figures_that_its_plans_text_gives;
use thap_muoi::two_communes_of_which_one_just_does_what_three_plans_ask_and_one_just_does_not;

both_databases!(
    a_district_of_21_communes_ends_its_year_with_the_figures_that_its_plans_text_gives,
    two_communes_of_which_one_just_does_what_three_plans_ask_and_one_just_does_not,
);
