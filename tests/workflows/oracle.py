"""A second opinion on deadlines, minute by minute, written from the rules and not from the engine.

It reads only what a calendar was made of (hours, week, layers, seasons, zone) and walks through every minute of every
day: slow, plain, and without any of the engine's shortcuts. Instants must be full minutes.
"""

from datetime import datetime, time, timedelta
from fractions import Fraction

LONGEST = 500
DAY_MINUTES = 24 * 60


class OutOfReach(Exception):
    pass


class Oracle:
    def __init__(self, calendar, received, pauses):
        self.made_of, self.received = calendar, self._local(received, calendar)
        self.pauses = [(self._local(pause.start, calendar), self._local(pause.end, calendar)) for pause in pauses]

    @staticmethod
    def _local(at, calendar):
        return at.astimezone(calendar.zone).replace(tzinfo=None)

    def _instant(self, local):
        return local.replace(tzinfo=self.made_of.zone)

    def open_minutes(self, on):
        """The minutes of a day at which the office is open."""
        for layer in self.made_of.layers:
            works_on_leave = layer.kind == "joint_leave" and not self.made_of.joint_leave_observed
            if on in layer.days and not works_on_leave:
                return []
        if on.weekday() not in self.made_of.week:
            return []
        hours = self.made_of.hours.hours
        for season in reversed(self.made_of.hours.seasons):
            if season.first <= on <= season.last:
                hours = season.hours
        windows = hours.get(on.weekday(), ())
        return [minute for minute in range(DAY_MINUTES) if any(w.opens <= minute < w.closes for w in windows)]

    def is_paused(self, at):
        """Half-open, and nothing before receipt counts."""
        return at >= self.received and any(start <= at < end for start, end in self.pauses)

    def stands_still_at_closing(self, closing):
        """Paused just before and just after: a pause that begins at closing time comes too late."""
        return self.is_paused(closing - timedelta(minutes=1)) and self.is_paused(closing)

    def days(self):
        first = self.received.date()
        for number in range(LONGEST):
            on = first + timedelta(days=number)
            yield datetime.combine(on, time()), self.open_minutes(on)
        raise OutOfReach

    def due_in_days(self, days):
        passed, credit = None, Fraction(0)
        for midnight, minutes in self.days():
            if not minutes:
                continue
            closing = midnight + timedelta(minutes=minutes[-1] + 1)
            if passed is None and self.received > closing:
                continue
            passed = 0 if passed is None else passed + 1
            paused = sum(self.is_paused(midnight + timedelta(minutes=minute)) for minute in minutes)
            credit += Fraction(paused, len(minutes))
            if passed >= days + int(credit) and not self.stands_still_at_closing(closing):
                return self._instant(closing)
        return None

    def due_in_minutes(self, wanted):
        for midnight, minutes in self.days():
            for minute in minutes:
                at = midnight + timedelta(minutes=minute)
                if at < self.received or self.is_paused(at):
                    continue
                wanted -= 1
                if wanted == 0:
                    return self._instant(at + timedelta(minutes=1))
        return None
