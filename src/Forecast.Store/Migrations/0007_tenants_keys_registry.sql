-- Whose a thing is. Names that a tenant chooses (datasets, models, idempotency keys) are kept as TENANT/NAME, so that the unique
-- keys that stand hold for each tenant by itself; a tenant's own name has no slash.
ALTER TABLE runs ADD COLUMN tenant text NOT NULL DEFAULT 'default';
ALTER TABLE jobs ADD COLUMN tenant text NOT NULL DEFAULT 'default';
UPDATE jobs SET idempotency_key = 'default/' || idempotency_key WHERE idempotency_key IS NOT NULL;
UPDATE dataset_names SET name = 'default/' || name;
UPDATE model_versions SET name = 'default/' || name;

CREATE INDEX runs_by_tenant ON runs (tenant, created_at, id);
CREATE INDEX jobs_by_tenant ON jobs (tenant, created_at, id);

-- The secret itself is nowhere: 256 random bits need no slow hash.
CREATE TABLE api_keys (
    id                   text   NOT NULL PRIMARY KEY,
    tenant               text   NOT NULL,
    name                 text   NOT NULL,
    secret_hash          text   NOT NULL,
    scopes               text   NOT NULL,
    requests_per_minute  bigint NOT NULL,
    created_at           bigint NOT NULL,
    expires_at           bigint NULL,
    revoked_at           bigint NULL
);

-- NULL = a fit that was kept for a forecast only; else candidate, champion or retired. The artefact is the SHA-256 of its file.
ALTER TABLE model_versions ADD COLUMN stage text NULL;
ALTER TABLE model_versions ADD COLUMN artefact text NULL;

CREATE INDEX model_versions_by_stage ON model_versions (stage, name);

CREATE TABLE stage_changes (
    version_id  text   NOT NULL REFERENCES model_versions (id),
    seq         bigint NOT NULL,
    stage       text   NOT NULL,
    reason      text   NULL,
    changed_by  text   NULL,
    created_at  bigint NOT NULL,
    PRIMARY KEY (version_id, seq)
);
