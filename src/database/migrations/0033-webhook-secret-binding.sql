-- A webhook's secret is bound to its number, which is known once the row is there: it is added, then sealed.
grant update (secret_sealed) on webhooks to daybreak_web;
