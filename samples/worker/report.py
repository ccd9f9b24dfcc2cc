import os

import psycopg

with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    for berth, ship in connection.execute("select berth, ship from berths order by berth"):
        print(f"{berth:>4}  {ship}")
