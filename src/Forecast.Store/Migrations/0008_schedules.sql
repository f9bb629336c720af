-- What is to be done again and again. The version counts changes, so that whoever keeps a clock sees that its copy is old;
-- what was due before "since" (made, or last let go on) is nobody's business.
CREATE TABLE schedules (
    id          text   NOT NULL PRIMARY KEY,
    tenant      text   NOT NULL,
    name        text   NOT NULL,
    kind        text   NOT NULL,
    cron        text   NOT NULL,
    time_zone   text   NOT NULL,
    misfire     text   NOT NULL CHECK (misfire IN ('skip', 'once', 'all')),
    spec        text   NOT NULL,
    state       text   NOT NULL CHECK (state IN ('active', 'paused')),
    version     bigint NOT NULL,
    created_at  bigint NOT NULL,
    since       bigint NOT NULL,
    UNIQUE (tenant, name)
);

-- The job of a firing: at most one for each schedule and scheduled instant, however often it fires.
ALTER TABLE jobs ADD COLUMN schedule_id text NULL;
ALTER TABLE jobs ADD COLUMN scheduled_at bigint NULL;
CREATE UNIQUE INDEX jobs_by_schedule ON jobs (schedule_id, scheduled_at);
