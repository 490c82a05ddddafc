-- Seals the rows of the trail that are complete. Returns how many.
select audit_seal_up() as sealed
