-- What a broker has not confirmed yet: written in the transaction of its work item, deleted once confirmed. A relay that dies
-- between the two lets its claim run out, and the message is sent again; a repeated message changes nothing.
CREATE TABLE outbox (
    run_id         text   NOT NULL,
    item_key       text   NOT NULL,
    queue          text   NOT NULL,
    position       bigint NOT NULL,
    created_at     bigint NOT NULL,
    claimed_until  bigint NOT NULL,
    PRIMARY KEY (run_id, item_key),
    FOREIGN KEY (run_id, item_key) REFERENCES work_items (run_id, item_key)
);

CREATE INDEX outbox_by_time ON outbox (created_at, position);

-- Where a run's messages go; NULL = nowhere, its items are handed out by the process that runs it.
ALTER TABLE runs ADD COLUMN queue text NULL;
