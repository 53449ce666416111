-- Passengers of these flights are paid.
select f.flight_id, f.origin, f.delay
from public.flights_200k f
where f.delay > 180
order by f.delay desc;
