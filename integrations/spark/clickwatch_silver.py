"""Makes the reference's two silver tables, final_cookies and visit_count, from ClickWatch's bronze table.

    spark-submit --packages io.delta:delta-spark_2.13:4.0.0 clickwatch_silver.py --from ROOT --to ROOT [--site SITE]

ROOT is a folder or an address of any store that this Spark can reach (abfss://, s3a://, …): the lake's root, which holds
bronze/web_cookies, and the root under which silver/final_cookies and silver/visit_count are put, in the place of what was there.
In a notebook: `from clickwatch_silver import final_cookies, visit_count`; both take a frame and give one.
"""

from __future__ import annotations

import argparse
import re

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as f

# What the two tables take of a session document; what else it holds is not read.
DOCUMENT = """
    session_id STRING, user_id STRING, timestamp STRING, device_type STRING, os STRING, browser STRING, page_url STRING,
    referrer STRING, utm_source STRING, events ARRAY<STRUCT<event_type: STRING>>, time_spent_seconds DOUBLE,
    is_returning_visitor BOOLEAN, visit_count BIGINT
"""

MOMENT = r'(?i)^\s*(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?\s?(?:Z|([+-])(\d{2}):?(\d{2}))?)?\s*$'


def moment(text: Column) -> Column:
    """The timestamp of an ISO 8601 text, to the millisecond. UTC where it names no offset, whatever zone the session is in."""

    def part(group: int) -> Column:
        return f.regexp_extract(text, MOMENT, group)

    def number(group: int) -> Column:
        return f.coalesce(f.nullif(part(group), f.lit('')).cast('long'), f.lit(0))

    days = f.datediff(f.nullif(part(1), f.lit('')).cast('date'), f.lit('1970-01-01').cast('date')).cast('long')
    offset_minutes = (number(7) * 60 + number(8)) * f.when(part(6) == '-', -1).otherwise(1)
    seconds = days * 86400 + number(2) * 3600 + (number(3) - offset_minutes) * 60 + number(4)
    thousandths = f.substring(f.concat(part(5), f.lit('000')), 1, 3).cast('long')
    return f.coalesce(
        f.timestamp_millis(seconds * 1000 + thousandths), f.raise_error(f.concat(f.lit('no timestamp: '), text))
    )


def day_of(timestamp: Column) -> Column:
    """The date in UTC, whatever zone the session is in."""
    return f.date_add(f.lit('1970-01-01').cast('date'), f.floor(f.unix_millis(timestamp) / 86_400_000).cast('int'))


def final_cookies(bronze: DataFrame) -> DataFrame:
    """One row for each event of each session document, as delivered. A document that cannot be read ends the job."""
    documents = bronze.where(f.col('kind') == 'session').withColumn(
        'said', f.from_json('document', DOCUMENT, {'mode': 'FAILFAST'})
    )
    rows = documents.withColumn('event', f.explode('said.events'))

    def text(name: str) -> Column:
        return f.coalesce(f.col(f'said.{name}'), f.lit(''))

    timestamp = moment(f.col('said.timestamp'))
    return rows.select(
        'site',
        day_of(timestamp).alias('date'),
        f.col('said.session_id').alias('session_id'),
        f.col('said.user_id').alias('user_id'),
        timestamp.alias('timestamp'),
        text('device_type').alias('device_type'),
        text('os').alias('os'),
        text('browser').alias('browser'),
        f.regexp_replace(text('page_url'), '[^a-zA-Z0-9\\- ]', '').alias('page_url'),
        text('referrer').alias('referrer'),
        text('utm_source').alias('Platform'),
        f.col('event.event_type').alias('event_type'),
        f.coalesce('said.time_spent_seconds', f.lit(0.0)).alias('time_spent_seconds'),
        f.coalesce('said.is_returning_visitor', f.lit(False)).alias('is_returning_visitor'),
        f.coalesce('said.visit_count', f.lit(0)).alias('visit_count'),
        'PartitionId',
        'EventEnqueuedUtcTime',
        f.col('PartitionId').alias('stream_partition'),
        f.col('Offset').alias('stream_offset'),
    )


def visit_count(cookies: DataFrame) -> DataFrame:
    """visit_count of final_cookies, summed by the user of a site."""
    return cookies.groupBy('site', 'user_id').agg(f.sum('visit_count').alias('visitor_count'))


def make_silver(spark: SparkSession, root_from: str, root_to: str, site: str | None = None) -> None:
    """Reads bronze below one root and writes the two tables below another."""
    if same_place(root_from, root_to):
        raise ValueError('--to is the lake itself, whose silver tables ClickWatch keeps; name another place')
    bronze = spark.read.format('delta').load(f'{root_from}/bronze/web_cookies')
    if site is not None:
        bronze = bronze.where(f.col('site') == site)
    cookies_at = f'{root_to}/silver/final_cookies'
    write(final_cookies(bronze), cookies_at, ['site', 'date'])
    write(visit_count(spark.read.format('delta').load(cookies_at)), f'{root_to}/silver/visit_count', ['site'])


def same_place(one: str, other: str) -> bool:
    def plain(root: str) -> str:
        return re.sub(r'/+', '/', root.removeprefix('file:')).rstrip('/')

    return plain(one) == plain(other)


def write(frame: DataFrame, to: str, partitions: list[str]) -> None:
    # One task a partition, so that a table of few rows is not one of many files.
    by_partition = frame.repartition(*partitions)
    options = by_partition.write.format('delta').mode('overwrite').option('overwriteSchema', 'true')
    options.partitionBy(*partitions).save(to)


def main() -> None:
    asked = argparse.ArgumentParser(description='Makes final_cookies and visit_count from ClickWatch\'s bronze table.')
    asked.add_argument('--from', dest='root_from', required=True, help="the lake's root, which holds bronze/web_cookies")
    asked.add_argument('--to', dest='root_to', required=True, help='where silver/final_cookies and silver/visit_count are put')
    asked.add_argument('--site', help='one site alone; all of them where it is left out')
    given = asked.parse_args()
    builder = (
        SparkSession.builder.appName('ClickWatch silver')
        .config('spark.sql.extensions', 'io.delta.sql.DeltaSparkSessionExtension')
        .config('spark.sql.catalog.spark_catalog', 'org.apache.spark.sql.delta.catalog.DeltaCatalog')
    )
    make_silver(builder.getOrCreate(), given.root_from, given.root_to, given.site)


if __name__ == '__main__':
    main()
