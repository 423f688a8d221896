"""Photos without leaks: inspect, strip, group by place, share behind a link."""
