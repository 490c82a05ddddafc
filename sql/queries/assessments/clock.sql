-- An instant after all that this transaction has recorded.
select instant(clock_timestamp() + interval '2 us') as now
