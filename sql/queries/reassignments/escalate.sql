-- Tells of handovers that were not signed in time. Returns how many.
select receipts_escalate() as n
