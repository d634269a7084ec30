"""A study group's raw notes as a wiki, beside an implementation of the models that it studies."""
