-- What became of each retraining: the findings as they were, and who decided when a person had to.
CREATE TABLE retrainings (
    job_id       text   NOT NULL PRIMARY KEY,
    tenant       text   NOT NULL,
    name         text   NOT NULL,
    schedule_id  text   NULL,
    candidate    bigint NULL,
    state        text   NOT NULL CHECK (state IN ('promoted', 'rejected', 'awaiting', 'kept')),
    reason       text   NOT NULL,
    findings     text   NOT NULL,
    created_at   bigint NOT NULL,
    decided_by   text   NULL,
    decided_at   bigint NULL
);

CREATE INDEX retrainings_by_tenant ON retrainings (tenant, created_at, job_id);
CREATE INDEX retrainings_by_schedule ON retrainings (schedule_id, created_at);
