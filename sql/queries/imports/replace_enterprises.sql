-- Places anew the events of enterprises that this transaction moved. $1 district, $2 the day from which changes hold.
select enterprises_replace($1::int, $2::date) as events
