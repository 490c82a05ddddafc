-- Where an event stands is looked up by its id first: whoever looks so for many events at once, right after a plan has moved them, must not be led to another index by what is not known yet of how many a district has.
drop index event_move_event;
create index event_move_event on event_move (event_id, district_id);
