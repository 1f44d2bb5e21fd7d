import type { ChangeCode, QualityCode, ReasonCode, RobustnessCheck, Verdict } from '@clickwatch/contract'

/** What keeps numbers from bearing a conclusion. */
const quality = {
  no_exposures:
    '{days, plural, =0 {Nobody has seen it yet} one {Nobody has seen it in # day} other {Nobody has seen it in # days}}',
  few_visitors:
    '{visitors, plural, one {Only # visitor so far} other {Only # visitors so far}}; at {needed, number} they say more',
  nobody_reached: '{visitors, plural, one {The only visitor did not do it} other {None of # visitors did it}}',
  everybody_reached:
    'All {visitors, number} visitors did it. The page probably does it for them: see what sends the signal',
  sample_ratio:
    'The split is off: {variant} got {exposed, number} visitors, and should have {expected, number, ::.}. What decides who sees what also decides who they are',
  one_source:
    '{of_reached, number, ::percent} of those who did it, and {of_exposed, number, ::percent} of all visitors, came from {source}',
  many_bots: '{share, number, ::percent} of what arrived was bots',
  many_late: '{share, number, ::percent} of the events arrived late',
  many_lost: '{share, number, ::percent} of the events could not be used',
  paused: 'Nobody saw it for {days, plural, one {# day} other {# days}} from {from}',
  short_of_a_week: 'It has run for {days, plural, one {# day} other {# days}}: not every day of the week has been seen',
  novelty:
    'It was done more often while it was new: {first, number, ::percent .0} in the first {days, number} days, {later, number, ::percent .0} since',
  audience_far: 'Those who come are not those it is meant for: {distance, number, ::percent} would have to be others',
  audience_missing: 'Only {share, number, ::percent} of the audience it is meant for has come at all',
  several_variants:
    '{visitors, plural, one {# visitor} other {# visitors}} ({share, number, ::percent .0}) saw several variants and are left out',
  plan_changed: 'The bar or the audience was changed on the way, which began a new count',
} as const satisfies Record<QualityCode, string>

/** Why a recommendation is as it is. Of two that say the same of different sides, the numbers decide which is said. */
const reasons = {
  ...quality,
  above_bar:
    '{rate, number, ::percent .0#} do it, and however often one looks, at least {low, number, ::percent .0#}: above the bar of {bar, number, ::percent .0#}',
  below_bar:
    '{rate, number, ::percent .0#} do it, and however often one looks, at most {high, number, ::percent .0#}: below the bar of {bar, number, ::percent .0#}',
  bar_open:
    'The rate lies between {low, number, ::percent .0#} and {high, number, ::percent .0#}, and the bar of {bar, number, ::percent .0#} with it',
  probability:
    'The bar of {bar, number, ::percent .0#} is met with a probability of {probability, number, ::percent .0}',
  loss_of_building:
    'Built now, it is expected to fall short of the bar by {rate, number, ::percent .0##} of visitors, on average over all that the rate may be',
  loss_of_leaving:
    'Left now, {rate, number, ::percent .0##} of visitors above the bar are expected to be forgone, on average over all that the rate may be',
  holds_without_top_source:
    'It is so without {source}, too: {rate, number, ::percent .0#} of {exposed, number} other visitors',
  rests_on_top_source: 'It rests on {source}: of {exposed, number} other visitors {rate, number, ::percent .0#} do it',
  holds_against_bots:
    'It is so even if as many bots again as were recognised hide among them: {rate, number, ::percent .0#}',
  bots_could_turn_it:
    'As many bots again as were recognised would turn it: {rate, number, ::percent .0#} would do it then',
  holds_without_returning: 'It is so of new visitors alone, too: {rate, number, ::percent .0#} of {exposed, number}',
  rests_on_returning:
    'It rests on those who had been here before: of {exposed, number} new visitors {rate, number, ::percent .0#} do it',
  holds_for_audience:
    'In the audience it is meant for it would be {rate, number, ::percent .0#}, on the same side of the bar as the {counted, number, ::percent .0#} that were counted',
  audience_differs:
    'In the audience it is meant for it would be {rate, number, ::percent .0#}, though {counted, number, ::percent .0#} were counted',
  best_variant: '{variant} is the best of the variants with a probability of {probability, number, ::percent .0}',
  visitors_missing:
    '{visitors, plural, one {# more visitor decides} other {# more visitors decide}} it, if it stays as it is',
  some_may_still:
    'Those of the last two days may still do it: nothing is held against the idea for {days, plural, one {# day} other {# days}}',
  out_of_reach:
    'The rate is so near the bar of {bar, number, ::percent .0#} that no test of a sensible size tells them apart',
  budget_spent: 'The budget is spent, after {visitors, number} visitors and {days, plural, one {# day} other {# days}}',
  budget_too_small: 'The budget has {left, number} visitors left, and about {visitors, number} are missing',
  too_few_visitors:
    '{visitors, plural, one {# visitor is} other {# visitors are}} too few to stand for anybody else; {needed, number} are the least',
  not_shown: 'Nobody has seen it yet',
} as const satisfies Record<ReasonCode, string>

/** Where the cost to build is known, the expected losses are told in money beside it. The money comes formatted. */
const reasonsInMoney = {
  loss_of_building:
    'Built now, it is expected to lose {money}, on average over all that the rate may be, beside a cost of {cost}',
  loss_of_leaving:
    'Left now, {money} are expected to be forgone, on average over all that the rate may be, beside a cost of {cost}',
} as const

const changes = {
  rate_falls_below:
    'If fewer than {bar, number, ::percent .0#} do it from now on, often enough to bring the low end ({low, number, ::percent .0#}) under the bar',
  rate_rises_above:
    'If more than {bar, number, ::percent .0#} do it from now on, often enough to bring the high end ({high, number, ::percent .0#}) over the bar',
  more_visitors: '{visitors, plural, one {# more visitor} other {# more visitors}} at this rate',
  lower_bar: 'A bar of {bar, number, ::percent .0##} or less would be met by now; it would begin a new count',
  raise_budget: 'A budget of {visitors, number} visitors',
  other_sources_differ:
    'Visitors from elsewhere than {source}: as many of them again, and it stands or falls by itself',
  later_days_hold:
    'If those who come from now on reach the bar of {bar, number, ::percent .0#}, new as it no longer is',
  fix_split: 'A split as the weights say: look for redirects, caches or scripts that one variant alone has',
  fix_bots: 'Fewer bots: leave out their addresses or their source, and count anew',
  fix_collection: 'A signal that only people send: see what is sent, what is refused, and why',
  fix_assignment: 'Visitors who keep their variant: one id for each, on every page it is shown',
  show_idea: 'The snippet on the page where it is meant to be seen',
  reach_audience: 'Visitors of the audience it is meant for',
} as const satisfies Record<ChangeCode, string>

/** What is recommended of an idea, why, and what would change it; codes and numbers come from the API. Rates are shares of one. */
export const ideaVerdict = {
  verdicts: {
    build: 'Build it',
    keep_testing: 'Keep testing',
    stop: 'Stop',
    fix_test: 'Fix the test',
  } as const satisfies Record<Verdict, string>,
  missing: '{visitors, plural, =0 {No more visitors} one {# more visitor} other {# more visitors}}',
  missingDays: 'about {days, plural, one {# day} other {# days}}',
  until: 'at today’s rate until {date}',
  leaning: { build: 'As it stands, building loses less', leave: 'As it stands, leaving it loses less' },
  reasons,
  reasonsInMoney,
  changes,
  quality,
  robustness: {
    without_top_source: 'Without {source}',
    without_returning: 'New visitors alone',
    bots_fewer: 'As many bots again, among those who did it',
    bots_more: 'As many bots again, among those who did not',
  } as const satisfies Record<RobustnessCheck, string>,
} as const
