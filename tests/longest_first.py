"""The files that take longest, longest first: begun early they run beside the many short ones, begun last they run alone.

With `--dist loadfile` a file is one worker's from its first test to its last. The order is all that counts, not the
seconds; a file that is not named here comes after these.
"""

LONGEST_FIRST = (
    "journey/test_simulate_schedules.py",
    "journey/test_simulate_further_schedules.py",
    "journey/test_journey_drill.py",
    "browser/test_browser_station.py",
    "faults/test_faults_twin.py",
    "journey/test_journey_rebuild_runbooks.py",
    "browser/test_browser_sbi.py",
    "unit/drill/test_simulate_planted_bugs.py",
    "browser/test_browser_capture.py",
    "browser/test_browser_centre.py",
    "journey/test_journey_up.py",
    "journey/test_journey_station_recover.py",
    "journey/test_journey_filter.py",
    "faults/test_faults_wrong_clocks.py",
    "browser/test_browser_office.py",
    "browser/test_browser_every_page.py",
    "browser/test_browser_hurried.py",
    "browser/test_browser_queue.py",
    "browser/test_browser_closing.py",
    "browser/test_browser_look.py",
    "browser/test_browser_operator_keys.py",
    "integration/test_centre_restore.py",
    "unit/abis/test_ten_thousand_people.py",
    "faults/test_faults_killed_database.py",
    "faults/test_faults_killed_station.py",
    "browser/test_browser_portal_log.py",
    "browser/test_browser_portal.py",
    "browser/test_browser_courier.py",
    "unit/station/test_station_second_recording.py",
    "unit/station/test_station_pages.py",
)
