-- What staff did about an alarm of the public log: it stays on the page for ever, and on the overview until then.
CREATE TABLE log_alarm_answer (
    number   bigint PRIMARY KEY REFERENCES exchange.witness_alarm,
    by_whom  text NOT NULL,
    note     text NOT NULL CHECK (note <> ''),
    at       timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER log_alarm_answer_stays BEFORE UPDATE OR DELETE ON log_alarm_answer
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
