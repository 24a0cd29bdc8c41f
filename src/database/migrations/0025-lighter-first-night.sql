-- A night writes fewer words at a time into less of the search's indexes: what a first night costs the server.

-- The part of an index that is not yet merged: a night that had to merge each megabyte spent a sixth of its
-- writing on it. A night merges the rest itself before it ends (publication.ts), so what every search reads
-- stays smaller than it was.
alter index students_by_words set (gin_pending_list_limit = 4096);
alter index guardians_by_words set (gin_pending_list_limit = 4096);
