-- A log that is closed late is decided about by a later value of the beacon than the one that was named, so that nobody knows the lot's seed before the last head is signed.
alter table log_head add later_draw text check (later_draw is null or is_last and is_beacon_draw(later_draw));
