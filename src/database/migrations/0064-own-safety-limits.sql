-- A district's own safety limits (docs/safety-limits.md), by limit and scope; what is absent has its default. They
-- replace the two settings of the only limit that could be changed.
alter table districts add column own_limits jsonb not null default '{}'
  constraint districts_own_limits_object check (jsonb_typeof(own_limits) = 'object');
update districts set own_limits = jsonb_build_object('inactive', jsonb_build_object('district',
    jsonb_build_object('share', hold_share, 'minimum', greatest(hold_minimum, 1))))
  where hold_share <> 0.1 or hold_minimum <> 25;
alter table districts drop column hold_share, drop column hold_minimum;
grant update (own_limits) on districts to daybreak_web;
