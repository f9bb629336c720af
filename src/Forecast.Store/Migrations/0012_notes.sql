-- What was known in words about a series, and from when on.
CREATE TABLE notes (
    dataset_id       text   NOT NULL REFERENCES datasets (id),
    series_position  bigint NOT NULL,
    position         bigint NOT NULL,
    known_from       bigint NOT NULL,
    span_from        bigint NOT NULL,
    span_to          bigint NOT NULL,
    words            text   NOT NULL,
    PRIMARY KEY (dataset_id, series_position, position)
);
