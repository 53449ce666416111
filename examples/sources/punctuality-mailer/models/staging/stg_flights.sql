-- One row for each flight; from here on the delay has another name.
select
    flight_id,
    origin,
    cast(departed_at as date) as departed_on,
    delay as minutes_late
from {{ source('warehouse', 'flights') }}
