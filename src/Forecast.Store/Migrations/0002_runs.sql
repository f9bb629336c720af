CREATE TABLE runs (
    id                text   NOT NULL PRIMARY KEY,
    kind              text   NOT NULL,
    status            text   NOT NULL CHECK (status IN ('created', 'running', 'finished', 'failed', 'cancelled')),
    spec              text   NOT NULL,
    data_name         text   NOT NULL,
    data_hash         text   NOT NULL,
    dataset_id        text   NULL REFERENCES datasets (id),
    seed              text   NOT NULL,
    device            text   NOT NULL,
    engine            text   NOT NULL,
    threads           bigint NOT NULL,
    command           text   NOT NULL,
    created_at        bigint NOT NULL,
    started_at        bigint NULL,
    finished_at       bigint NULL,
    error_code        text   NULL,
    error_message     text   NULL,
    predictions_hash  text   NULL,
    report_path       text   NULL
);

CREATE INDEX runs_by_time ON runs (created_at, id);
CREATE INDEX runs_by_data_hash ON runs (data_hash);

-- Written with their run, in one transaction. The key is the one under which a result is committed once.
CREATE TABLE work_items (
    run_id           text   NOT NULL REFERENCES runs (id),
    item_key         text   NOT NULL,
    position         bigint NOT NULL,
    payload          text   NOT NULL,
    state            text   NOT NULL CHECK (state IN ('pending', 'done', 'failed')),
    attempts         bigint NOT NULL,
    worker           text   NULL,
    device           text   NULL,
    exposure         text   NULL,
    fit_seconds      double precision NULL,
    predict_seconds  double precision NULL,
    details          text   NULL,
    started_at       bigint NULL,
    finished_at      bigint NULL,
    error_code       text   NULL,
    error_message    text   NULL,
    PRIMARY KEY (run_id, item_key),
    UNIQUE (run_id, position)
);

CREATE INDEX work_items_by_state ON work_items (run_id, state, position);

-- One row a forecast (model, series, fold); each blob holds one value a step ahead (quantiles: step by step, level by level).
CREATE TABLE predictions (
    run_id         text   NOT NULL,
    model          text   NOT NULL,
    series_id      text   NOT NULL,
    fold           bigint NOT NULL,
    item_position  bigint NOT NULL,
    position       bigint NOT NULL,
    cutoff         bigint NOT NULL,
    steps          bytea  NOT NULL,
    target_times   bytea  NOT NULL,
    observed_times bytea  NOT NULL,
    actuals        bytea  NOT NULL,
    means          bytea  NOT NULL,
    quantiles      bytea  NOT NULL,
    crps           bytea  NOT NULL,
    pit            bytea  NOT NULL,
    PRIMARY KEY (run_id, model, series_id, fold),
    FOREIGN KEY (run_id, item_position) REFERENCES work_items (run_id, position)
);

-- What each fold could read: the lines of the leakage certificate.
CREATE TABLE folds (
    run_id               text   NOT NULL,
    model                text   NOT NULL,
    series_id            text   NOT NULL,
    fold                 bigint NOT NULL,
    item_position        bigint NOT NULL,
    position             bigint NOT NULL,
    cutoff               bigint NOT NULL,
    fit_cutoff           bigint NOT NULL,
    fit_from             bigint NOT NULL,
    latest_available_at  bigint NOT NULL,
    first_target         bigint NOT NULL,
    PRIMARY KEY (run_id, model, series_id, fold),
    FOREIGN KEY (run_id, item_position) REFERENCES work_items (run_id, position)
);

-- Keyed by item, not by cutoff: blocks of a model that is never refitted may each have made the same fit.
CREATE TABLE fits (
    run_id         text   NOT NULL,
    item_position  bigint NOT NULL,
    position       bigint NOT NULL,
    model          text   NOT NULL,
    series_id      text   NOT NULL,
    fit_cutoff     bigint NOT NULL,
    seed           text   NOT NULL,
    converged      bigint NOT NULL,
    parameters     text   NOT NULL,
    notes          text   NOT NULL,
    PRIMARY KEY (run_id, item_position, position),
    FOREIGN KEY (run_id, item_position) REFERENCES work_items (run_id, position)
);

CREATE INDEX fits_by_series ON fits (run_id, model, series_id, fit_cutoff);

CREATE TABLE failures (
    run_id         text   NOT NULL,
    item_position  bigint NOT NULL,
    position       bigint NOT NULL,
    model          text   NOT NULL,
    series_id      text   NOT NULL,
    cutoff         bigint NOT NULL,
    code           text   NOT NULL,
    message        text   NOT NULL,
    PRIMARY KEY (run_id, item_position, position),
    FOREIGN KEY (run_id, item_position) REFERENCES work_items (run_id, position)
);

CREATE TABLE metrics (
    run_id         text   NOT NULL REFERENCES runs (id),
    model          text   NOT NULL,
    series_id      text   NOT NULL,
    name           text   NOT NULL,
    position       bigint NOT NULL,
    value          double precision NULL,
    forecast_count bigint NOT NULL,
    note           text   NOT NULL,
    PRIMARY KEY (run_id, model, series_id, name)
);
