-- The roles and the database of Daybreak on a PostgreSQL of one's own, run once by its superuser with psql; the
-- passwords are in the environment as DATABASE_PASSWORD and DATABASE_WEB_PASSWORD. compose.yaml runs it with the
-- first start; docs/operations.md says what the roles are for.
\set ON_ERROR_STOP on
\getenv owner_password DATABASE_PASSWORD
\getenv web_password DATABASE_WEB_PASSWORD
create role daybreak login password :'owner_password';
create role daybreak_web;
create role daybreak_web_login login noinherit password :'web_password';
grant daybreak_web to daybreak with inherit false, set true;
grant daybreak_web to daybreak_web_login with inherit false, set true;
create database daybreak owner daybreak;
