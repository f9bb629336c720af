-- A job is asked for once: the same key of the same kind is the same job.
CREATE TABLE jobs (
    id                text   NOT NULL PRIMARY KEY,
    kind              text   NOT NULL,
    idempotency_key   text   NULL,
    spec              text   NOT NULL,
    state             text   NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
    run_id            text   NULL REFERENCES runs (id),
    cancel_requested  bigint NOT NULL,
    progress          double precision NULL,
    message           text   NULL,
    result            text   NULL,
    error_code        text   NULL,
    error_message     text   NULL,
    worker            text   NULL,
    attempts          bigint NOT NULL,
    lease_until       bigint NULL,
    created_at        bigint NOT NULL,
    started_at        bigint NULL,
    finished_at       bigint NULL,
    UNIQUE (kind, idempotency_key)
);

CREATE INDEX jobs_by_state ON jobs (state, kind, created_at);
CREATE INDEX jobs_by_time ON jobs (created_at, id);

-- The row of the stream is taken before the event is numbered and held until the transaction ends, so numbers become
-- visible in order and without holes, whatever runs beside it.
CREATE TABLE event_streams (
    stream    text   NOT NULL PRIMARY KEY,
    last_seq  bigint NOT NULL
);

CREATE TABLE events (
    stream      text   NOT NULL REFERENCES event_streams (stream),
    seq         bigint NOT NULL,
    kind        text   NOT NULL,
    payload     text   NOT NULL,
    created_at  bigint NOT NULL,
    PRIMARY KEY (stream, seq)
);

CREATE TABLE model_versions (
    id          text   NOT NULL PRIMARY KEY,
    name        text   NOT NULL,
    version     bigint NOT NULL,
    model       text   NOT NULL,
    run_id      text   NULL REFERENCES runs (id),
    dataset_id  text   NULL REFERENCES datasets (id),
    data_hash   text   NOT NULL,
    seed        text   NOT NULL,
    device      text   NOT NULL,
    engine      text   NOT NULL,
    fit_cutoff  bigint NULL,
    archive     bytea  NOT NULL,
    created_at  bigint NOT NULL,
    UNIQUE (name, version)
);

CREATE INDEX model_versions_by_run ON model_versions (run_id);

CREATE TABLE forecasts (
    id                text   NOT NULL PRIMARY KEY,
    model_version_id  text   NOT NULL REFERENCES model_versions (id),
    series_id         text   NOT NULL,
    cutoff            bigint NOT NULL,
    data_hash         text   NOT NULL,
    seed              text   NOT NULL,
    device            text   NOT NULL,
    engine            text   NOT NULL,
    task              text   NOT NULL,
    created_at        bigint NOT NULL
);

CREATE INDEX forecasts_by_version ON forecasts (model_version_id, created_at);
