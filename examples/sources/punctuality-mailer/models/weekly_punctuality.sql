with flights as (
    select * from {{ ref('stg_flights') }}
)
select
    origin,
    date_trunc('week', departed_on) as week,
    count(*) as flights,
    avg(case when minutes_late <= {{ var('late_after_minutes') }} then 1 else 0 end)
        as punctuality
from flights
group by origin, date_trunc('week', departed_on)
