-- Shapes are numbers that hardly shrink: to pack them takes longer than to write them, as a plan does with a hundred towns' shapes, and each reader would unpack them.
alter table cell_shape alter column geom set storage external;
