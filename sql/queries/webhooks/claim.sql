-- A receiver for which something may wait, taken for some seconds; no row if there is none. $1 seconds.
select id, url, secret, delivered_up_to, kept_after, head, lease::text as lease from webhook_claim($1::int)
