-- Places anew what this transaction's changes of known cells can have moved. $1 district, $2 the day from which they hold.
select map_replace($1::int, $2::date) as events
