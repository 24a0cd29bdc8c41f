-- Requests are counted in the memory of each process that answers them (docs/decisions), no longer here.
drop table account_rate_limits;
