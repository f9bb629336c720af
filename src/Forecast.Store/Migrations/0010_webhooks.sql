-- Where a tenant wants to hear that jobs have ended. What is to be sent stands here with the end of the job, in one transaction.
CREATE TABLE webhooks (
    id          text   NOT NULL PRIMARY KEY,
    tenant      text   NOT NULL,
    url         text   NOT NULL,
    secret      text   NOT NULL,
    created_at  bigint NOT NULL
);

CREATE INDEX webhooks_by_tenant ON webhooks (tenant, created_at);

CREATE TABLE webhook_deliveries (
    id          text   NOT NULL PRIMARY KEY,
    webhook_id  text   NOT NULL REFERENCES webhooks (id),
    job_id      text   NOT NULL,
    body        text   NOT NULL,
    state       text   NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
    attempts    bigint NOT NULL,
    next_at     bigint NOT NULL,
    status      bigint NULL,
    error       text   NULL,
    created_at  bigint NOT NULL,
    ended_at    bigint NULL,
    UNIQUE (webhook_id, job_id)
);

CREATE INDEX webhook_deliveries_due ON webhook_deliveries (state, next_at);
