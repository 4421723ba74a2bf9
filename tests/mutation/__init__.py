"""`make mutants`: lines of the code are changed one by one, and a change that no test notices is a missing test."""
