"""Writes dates.jsonl: questions to vual-retain explain with the presets contract and
ru152, and the answers, reckoned from the official calendar and the terms alone.

    python3 dates.py > dates.jsonl
"""
import calendar, datetime as dt, json, pathlib, random
cal = json.load(open(pathlib.Path(__file__).parents[3] / 'data/ru-production.json'))
off = set()
work = set()
for y in cal['years']:
    for d in y['nonworking_weekdays']:
        off.add(d['date'] if isinstance(d, dict) else d)
    for d in y['working_weekend_days']:
        work.add(d)
moscow = dt.timezone(dt.timedelta(hours=3))
utc = dt.timezone.utc
def parse(s):
    return dt.datetime.fromisoformat(s.replace('Z', '+00:00'))

def text(t):
    if t is None:
        return None
    t = t.astimezone(utc)
    s = t.strftime('%Y-%m-%dT%H:%M:%S')
    if t.microsecond:
        s += ('.%06d' % t.microsecond).rstrip('0')
    return s + 'Z'

def local(s):
    return parse(s).astimezone(moscow).date()

def is_workday(d):
    assert 2024 <= d.year <= 2027
    s = d.isoformat()
    if s in off:
        return False
    if s in work:
        return True
    return d.weekday() < 5

def end_of_day(d):
    return dt.datetime(d.year, d.month, d.day, tzinfo=moscow) + dt.timedelta(days=1)

def days(s, n):
    return end_of_day(local(s) + dt.timedelta(days=n))

def months(s, n):
    d = local(s)
    m = d.month - 1 + n
    y = d.year + m // 12
    m = m % 12 + 1
    return end_of_day(dt.date(y, m, min(d.day, calendar.monthrange(y, m)[1])))

def workdays(s, n):
    d = local(s)
    while n:
        d += dt.timedelta(days=1)
        if is_workday(d):
            n -= 1
    return end_of_day(d)

def hours(s, n):
    return parse(s) + dt.timedelta(hours=n)

lines = []
def line(note, cls, facts, now, action, state, nb, dl, ne, rule, holds=None):
    i = 'd%d' % (len(lines) + 1)
    q = {'id': i, 'class': cls, 'facts': facts, 'now': now}
    if holds:
        q['holds'] = holds
    f = lambda t: None if t is None else t if isinstance(t, str) else text(t)
    lines.append({'note': note, 'in': q, 'want': {'id': i, 'action': action, 'state': state, 'not_before': f(nb), 'deadline': f(dl), 'next_eval': f(ne), 'rule': rule}})

service = {'service_started': '2023-05-01T09:00:00+03:00'}
def due(note, cls, facts, now, act, rule, nb, dl, holds=None):
    o = parse(now) >= dl
    line(note, cls, facts, now, act, 'overdue' if o else 'due', nb, dl, None if o else dl, rule, holds)

for t, now in [('2024-05-08T19:00:00+03:00', '2024-05-13T00:00:00Z'), ('2024-06-11T23:59:59+03:00', '2024-06-12T00:00:00Z'), ('2024-11-01T08:00:00Z', '2024-11-09T00:00:00Z'), ('2024-12-27T10:00:00Z', '2025-01-13T00:00:00Z'), ('2025-04-30T21:30:00Z', '2025-05-05T00:00:00Z'), ('2025-06-11T09:00:00Z', '2025-06-20T00:00:00Z'), ('2025-10-31T09:00:00Z', '2025-11-01T00:00:00Z'), ('2025-12-31T20:59:59Z', '2026-01-10T00:00:00Z'), ('2026-02-20T09:00:00Z', '2026-02-21T00:00:00Z'), ('2026-03-06T22:00:00Z', '2026-03-10T00:00:00Z'), ('2027-02-19T09:00:00Z', '2027-02-20T00:00:00Z'), ('2027-04-30T09:00:00Z', '2027-05-04T00:00:00Z'), ('2027-11-03T20:30:00Z', '2027-11-03T21:00:00Z'), ('2024-02-29T12:00:00+03:00', '2024-03-01T00:00:00Z')]:
    due('client asks %s' % t, random.Random(t).choice(['transcript', 'analysis']), dict(service, client_deletion_requested=t), now, 'delete', 'contract.client_deletion', None, workdays(t, 5))
for t, now in [('2024-01-31T12:00:00Z', '2024-02-10T00:00:00Z'), ('2025-01-30T21:00:00Z', '2025-02-28T20:59:59.5Z'), ('2024-02-28T22:00:00Z', '2024-03-31T00:00:00Z'), ('2027-12-31T12:00:00Z', '2028-01-05T00:00:00Z'), ('2026-03-01T00:00:00+12:00', '2026-03-02T00:00:00Z'), ('2026-06-15T12:00:00.123456Z', '2026-06-16T00:00:00Z')]:
    due('service ended %s' % t, 'transcript', dict(service, service_terminated=t), now, 'delete', 'contract.transcripts', parse(t), days(t, 30))
for t in ['2024-11-30T12:00:00Z', '2025-12-02T21:00:00Z', '2027-11-29T12:00:00Z', '2024-02-29T20:59:59Z']:
    f = {'subscription_started': '2023-05-01T00:00:00Z', 'subscription_ended': t}
    a, b = (days(t, 90), days(t, 120))
    line('in the 90 days', 'weekly_plan', f, text(a - dt.timedelta(seconds=1)), 'keep', 'retained', a, b, a, 'contract.subscription')
    line('after them', 'weekly_plan', f, text(a), 'export_then_delete', 'due', a, b, b, 'contract.weekly_plans')
    line('too late', 'weekly_plan', f, text(b), 'export_then_delete', 'overdue', a, b, None, 'contract.weekly_plans')
for t in ['2024-06-30T12:00:00Z', '2024-12-31T21:00:00Z', '2025-12-30T20:59:59Z', '2027-08-31T00:00:00+03:00']:
    a, b = (hours(t, 24), months(t, 2))
    line('first day', 'sync_history', {'created': t}, text(a - dt.timedelta(seconds=1)), 'keep', 'retained', a, b, a, 'contract.sync_history_min')
    line('between', 'sync_history', {'created': t}, text(a), 'delete', 'due', a, b, b, 'contract.sync_history')
t = '2025-12-31T22:15:00+03:00'
f = {'incident_detected': t}
due('new year night', 'incident', f, '2026-01-01T12:00:00Z', 'notify', 'ru152.21.breach_notice', None, hours(t, 24))
f2 = dict(f, authority_notified='2026-01-01T10:00:00Z')
due('report', 'incident', f2, '2026-01-03T20:00:00Z', 'notify', 'ru152.21.breach_report', None, hours(t, 72))
due('client first', 'incident', dict(f2, incident_confirmed='2026-01-01T09:00:00Z'), '2026-01-01T12:00:00Z', 'notify', 'contract.breach', None, hours('2026-01-01T09:00:00Z', 24))
for fact, n, rule in [('subject_request_received', 10, 'ru152.14.answer'), ('authority_request_received', 10, 'ru152.20.authority'), ('subject_proved_data_inaccurate', 7, 'ru152.20.correct'), ('subject_proved_data_unlawful_or_unneeded', 7, 'ru152.20.destroy_unlawful'), ('inaccuracy_confirmed', 7, 'ru152.21.correct'), ('stop_processing_demand_received', 10, 'ru152.21.stop_on_demand')]:
    for t in ['2024-12-26T09:00:00Z', '2025-04-25T09:00:00Z', '2027-12-10T09:00:00Z']:
        due(fact, 'subject_request', {fact: t}, text(parse(t) + dt.timedelta(days=1)), 'notify', rule, None, workdays(t, n))
t = '2025-04-25T09:00:00Z'
for fact, rule in [('subject_request_received', 'ru152.14.answer.extended'), ('authority_request_received', 'ru152.20.authority.extended'), ('stop_processing_demand_received', 'ru152.21.stop_on_demand.extended')]:
    due('prolonged', 'subject_request', {fact: t, 'extension_notice_sent': '2025-04-30T09:00:00Z'}, '2025-05-14T00:00:00Z', 'notify', rule, None, workdays(t, 15))
for fact, n, u, rule in [('purpose_achieved', 30, days, 'ru152.21.purpose_achieved'), ('consent_withdrawn', 30, days, 'ru152.21.consent_withdrawn'), ('unlawful_processing_detected', 10, workdays, 'ru152.21.destroy_unlawful'), ('subject_proved_data_unlawful_or_unneeded', 7, workdays, 'ru152.20.destroy_unlawful'), ('stop_processing_demand_received', 10, workdays, 'ru152.21.stop_on_demand')]:
    for t in ['2024-01-30T21:00:00Z', '2026-12-31T09:00:00+03:00']:
        due(fact, 'analysis', dict(service, **{fact: t}), text(parse(t) + dt.timedelta(days=3)), 'delete', rule, None, u(t, n))
t = '2025-08-31T09:00:00Z'
due('impossible: six months', 'transcript', dict(service, consent_withdrawn=t, destruction_impossible_in_term='2025-08-31T10:00:00Z'), '2025-10-31T00:00:00Z', 'delete', 'ru152.21.block_then_destroy', None, months('2025-08-31T10:00:00Z', 6))
for t in ['2024-02-29T20:59:59Z', '2024-02-29T21:00:00Z', '2023-03-01T00:00:00+03:00']:
    e = months(t, 36)
    line('act', 'act', {'destroyed': t}, text(e - dt.timedelta(seconds=1)), 'keep', 'retained', e, None, e, 'rkn179.keep_evidence')
    line('act over', 'act', {'destroyed': t}, text(e), 'delete', 'due', e, None, None, 'rkn179.after_evidence')
t = '2026-06-30T09:00:00Z'
dl = days(t, 30)
f = dict(service, service_terminated=t)
holds_in_turn = [{'id': 'b', 'placed': '2026-07-10T00:00:00Z', 'released': '2026-07-20T00:00:00Z'}, {'id': 'a', 'placed': '2026-07-20T00:00:00Z', 'released': '2026-08-01T00:00:00+03:00'}]
line('holds that touch', 'transcript', f, '2026-07-15T00:00:00Z', 'keep', 'held', t, dl, '2026-07-31T21:00:00Z', 'contract.transcripts', holds_in_turn)
due('before them', 'transcript', f, '2026-07-09T00:00:00Z', 'delete', 'contract.transcripts', parse(t), dl, holds_in_turn)
lines[-1]['want']['next_eval'] = '2026-07-10T00:00:00Z'
due('after them', 'transcript', f, '2026-07-31T21:00:00Z', 'delete', 'contract.transcripts', parse(t), dl, holds_in_turn)
line('held without a duty', 'weekly_plan', {'subscription_started': '2025-01-01T00:00:00Z'}, '2026-01-01T00:00:00Z', 'keep', 'held', None, None, None, 'contract.subscription', [{'id': 'h', 'placed': '2025-06-01T00:00:00Z'}])
for l in lines:
    print(json.dumps(l, ensure_ascii=False))
