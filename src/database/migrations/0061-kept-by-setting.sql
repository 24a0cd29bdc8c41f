-- Of the students on hold, how many would keep their status with each setting of the next school year.
alter table status_forecasts add column kept_on_hold jsonb not null default '{}';
