-- Whether this is the database of a demo.
select exists (select from meta where key = 'demo') as demo
