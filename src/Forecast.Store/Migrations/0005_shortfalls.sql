-- Expected shortfall of each step, tail by tail (S x A doubles, in the order of the run's risk tails). NULL where the run asked for none.
ALTER TABLE predictions ADD COLUMN shortfalls bytea NULL;
