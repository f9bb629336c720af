-- Written in what SQLite and Postgres both read: bigint for every whole number and for instants (UTC microseconds since
-- 1970), text for ids and names, double precision for scalars (NULL = missing, since SQLite refuses NaN), bytea for blocks of
-- little-endian float64 or int64. (SQLite gives bytea no conversion, so what goes in comes out.)

CREATE TABLE datasets (
    id            text   NOT NULL PRIMARY KEY,
    content_hash  text   NOT NULL UNIQUE,
    data_hash     text   NOT NULL,
    frequency     text   NOT NULL,
    calendar      text   NULL,
    series_count  bigint NOT NULL,
    row_count     bigint NOT NULL,
    created_at    bigint NOT NULL
);

CREATE INDEX datasets_by_data_hash ON datasets (data_hash);

-- A name is a pointer that moves forward: importing other content under it adds a version and keeps the former one.
CREATE TABLE dataset_names (
    name        text   NOT NULL,
    version     bigint NOT NULL,
    dataset_id  text   NOT NULL REFERENCES datasets (id),
    created_at  bigint NOT NULL,
    PRIMARY KEY (name, version)
);

CREATE INDEX dataset_names_by_dataset ON dataset_names (dataset_id);

CREATE TABLE series (
    dataset_id  text   NOT NULL REFERENCES datasets (id),
    series_id   text   NOT NULL,
    position    bigint NOT NULL,
    unit        text   NULL,
    calendar    text   NOT NULL,
    row_count   bigint NOT NULL,
    PRIMARY KEY (dataset_id, series_id),
    UNIQUE (dataset_id, position)
);

CREATE TABLE series_columns (
    dataset_id       text   NOT NULL,
    series_position  bigint NOT NULL,
    position         bigint NOT NULL,
    name             text   NOT NULL,
    role             text   NOT NULL,
    unit             text   NULL,
    own_availability bigint NOT NULL,
    PRIMARY KEY (dataset_id, series_position, position),
    FOREIGN KEY (dataset_id, series_position) REFERENCES series (dataset_id, position)
);

-- Observations: append-only blocks of rows, never updated.
CREATE TABLE observation_times (
    dataset_id       text   NOT NULL,
    series_position  bigint NOT NULL,
    block            bigint NOT NULL,
    row_count        bigint NOT NULL,
    event_times      bytea  NOT NULL,
    PRIMARY KEY (dataset_id, series_position, block),
    FOREIGN KEY (dataset_id, series_position) REFERENCES series (dataset_id, position)
);

CREATE TABLE observation_values (
    dataset_id       text   NOT NULL,
    series_position  bigint NOT NULL,
    column_position  bigint NOT NULL,
    block            bigint NOT NULL,
    row_count        bigint NOT NULL,
    observed         bytea  NOT NULL,
    available_at     bytea  NOT NULL,
    PRIMARY KEY (dataset_id, series_position, column_position, block),
    FOREIGN KEY (dataset_id, series_position, column_position) REFERENCES series_columns (dataset_id, series_position, position)
);

-- Later publications of rows that stood there before; the first publication stays where it is.
CREATE TABLE observation_revisions (
    dataset_id       text   NOT NULL,
    series_position  bigint NOT NULL,
    column_position  bigint NOT NULL,
    block            bigint NOT NULL,
    revision_count   bigint NOT NULL,
    row_numbers      bytea  NOT NULL,
    available_at     bytea  NOT NULL,
    revised          bytea  NOT NULL,
    PRIMARY KEY (dataset_id, series_position, column_position, block),
    FOREIGN KEY (dataset_id, series_position, column_position) REFERENCES series_columns (dataset_id, series_position, position)
);
