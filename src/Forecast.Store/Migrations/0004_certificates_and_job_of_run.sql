-- What the leakage certificate says in short (JSON); its lines are the folds. NULL until the run is finished.
ALTER TABLE runs ADD COLUMN certificate text NULL;

CREATE INDEX jobs_by_run ON jobs (run_id);
