namespace OpsAgent.Agent.Work.Ledger;

/// <summary>
/// The steps from an empty file to the tables of today; a file's <c>user_version</c> counts those it has. Released steps are
/// never changed: a change is one more step. Times are ms unix UTC. Ids are never used again (AUTOINCREMENT), since lanes and
/// publisher go on from the last one they have seen.
/// </summary>
internal static class LedgerSchema
{
    public static IReadOnlyList<string> Steps { get; } =
    [
        """
        CREATE TABLE work(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            request_id TEXT NOT NULL UNIQUE,
            callers_id INTEGER NOT NULL,
            delivery_id TEXT UNIQUE,
            msg_type TEXT NOT NULL,
            body BLOB,
            body_hash BLOB NOT NULL,
            dedup_key TEXT,
            lane TEXT NOT NULL,
            recovery INTEGER NOT NULL,
            state INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            retries INTEGER NOT NULL DEFAULT 0,
            unended INTEGER NOT NULL DEFAULT 0,
            not_before INTEGER,
            pid INTEGER,
            pid_start INTEGER,
            boot_id TEXT,
            program TEXT,
            program_hash TEXT,
            outcome INTEGER,
            reason TEXT,
            exit_code INTEGER,
            duplicate_of TEXT,
            retry_of TEXT,
            requested_by TEXT,
            sent_at INTEGER,
            received_at INTEGER NOT NULL,
            started_at INTEGER,
            settled_at INTEGER,
            duration_ms INTEGER,
            survivors INTEGER
        ) STRICT;
        CREATE UNIQUE INDEX work_live_key ON work(dedup_key) WHERE state < 4 AND dedup_key IS NOT NULL;
        CREATE INDEX work_queued ON work(lane, msg_type, id) WHERE state = 0;
        CREATE INDEX work_begun ON work(state, id) WHERE state IN (1, 2, 3);
        CREATE INDEX work_settled ON work(settled_at) WHERE state = 4;

        -- Deliveries that were settled without becoming work: no body, bounded, kept a day.
        CREATE TABLE refusal(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            delivery_id TEXT UNIQUE,
            request_id TEXT NOT NULL,
            msg_type TEXT NOT NULL,
            body_hash BLOB,
            outcome INTEGER NOT NULL,
            reason TEXT NOT NULL,
            duplicate_of TEXT,
            requested_by TEXT,
            settled_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX refusal_request ON refusal(request_id);

        CREATE TABLE outbox(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            event_id TEXT NOT NULL,
            request_id TEXT NOT NULL,
            destination TEXT NOT NULL,
            body BLOB NOT NULL,
            persistent INTEGER NOT NULL,
            expires_at INTEGER,
            created_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX outbox_settlements ON outbox(id) WHERE persistent = 0;
        """,
        """
        -- Calls to the facility's REST services that wait until they are answered; keep: not dropped for want of room while others are.
        CREATE TABLE rest_outbox(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            request_id TEXT,
            method TEXT NOT NULL,
            url TEXT NOT NULL,
            body BLOB NOT NULL,
            keep INTEGER NOT NULL,
            deadline INTEGER,
            created_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX rest_outbox_droppable ON rest_outbox(id) WHERE keep = 0;
        """,
        """
        -- Since when a request is in doubt; how often and when it was last looked up in vain, and what the look-up said.
        ALTER TABLE work ADD COLUMN doubt_at INTEGER;
        ALTER TABLE work ADD COLUMN looks INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE work ADD COLUMN looked_at INTEGER;
        ALTER TABLE work ADD COLUMN looked TEXT;
        UPDATE work SET doubt_at = coalesce(started_at, received_at) WHERE state = 3;
        """,
        """
        -- Types whose work is accepted but not started, until somebody resumes them.
        CREATE TABLE pause(
            msg_type TEXT PRIMARY KEY,
            paused_by TEXT NOT NULL,
            uid INTEGER NOT NULL,
            since INTEGER NOT NULL,
            reason TEXT NOT NULL
        ) STRICT;
        """,
        """
        -- The bodies that go first when the file has reached its bound.
        CREATE INDEX work_settled_body ON work(settled_at) WHERE state = 4 AND body IS NOT NULL;
        """,
        """
        -- Who brought it in, for types that limit what one sender may ask for; null for all others.
        ALTER TABLE work ADD COLUMN sender TEXT;
        CREATE INDEX work_sender ON work(msg_type, sender, received_at) WHERE sender IS NOT NULL;
        """,
        """
        -- Nonces of signatures that were used, and by which delivery; kept as long as settled rows, from the later of use and signing.
        CREATE TABLE nonce(
            key_id TEXT NOT NULL,
            nonce TEXT NOT NULL,
            delivery_id TEXT,
            kept_from INTEGER NOT NULL,
            UNIQUE(key_id, nonce)
        ) STRICT;
        CREATE INDEX nonce_delivery ON nonce(delivery_id) WHERE delivery_id IS NOT NULL;
        CREATE INDEX nonce_kept ON nonce(kept_from);
        """,
        """
        -- Types whose work waits for a credential, and when a request was last told that it does.
        CREATE TABLE hold(
            msg_type TEXT PRIMARY KEY,
            lane TEXT NOT NULL,
            reason TEXT NOT NULL,
            since INTEGER NOT NULL
        ) STRICT;
        ALTER TABLE work ADD COLUMN held_at INTEGER;
        """,
        """
        -- Since when nonces are kept here: the first one of a file that has some, else when it was made, which the agent writes.
        CREATE TABLE birth(at INTEGER NOT NULL) STRICT;
        INSERT INTO birth SELECT at FROM (SELECT min(kept_from) AS at FROM nonce) WHERE at IS NOT NULL;
        """,
        """
        -- What was run again, by what it was.
        CREATE INDEX work_retry ON work(retry_of) WHERE retry_of IS NOT NULL;
        """,
    ];
}
