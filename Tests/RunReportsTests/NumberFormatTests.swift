import LoadMetrics
import RunReports
import Testing

@Test(arguments: [
    (0, "0ns"), (1, "1ns"), (999, "999ns"), (999.7, "1.00µs"), (1240, "1.24µs"), (9996, "10.0µs"), (812_000, "812µs"),
    (999_499, "999µs"), (999_500, "1.00ms"), (1_245_000, "1.25ms"), (99_950_000, "100ms"), (1_999_000_000, "2.00s"),
    (59_940_000_000, "59.9s"), (59_960_000_000, "1m00s"), (90_400_000_000, "1m30s"), (3_599_600_000_000, "1h00m00s"),
    (3_723_000_000_000, "1h02m03s"), (1e30, "1e+21s"),
])
func writesTimes(_ nanoseconds: Double, _ text: String) {
    #expect(NumberFormat.time(nanoseconds) == text)
}

@Test(arguments: [
    (0, "0B"), (1023, "1023B"), (1024, "1.00KiB"), (187_000, "183KiB"), (12_345_678, "11.8MiB"), (5e12, "4.55TiB"),
])
func writesBytes(_ bytes: Double, _ text: String) {
    #expect(NumberFormat.bytes(bytes) == text)
}

@Test(arguments: [
    (0, "0%"), (0.000_01, "<0.01%"), (0.002, "0.20%"), (0.5, "50.00%"), (0.999_99, ">99.99%"), (1, "100%"),
])
func onlyAWholeShareIsWhole(_ share: Double, _ text: String) {
    #expect(NumberFormat.percentage(share) == text)
}

@Test(arguments: [
    (200.4e6, 200.4e6, "200.4ms"), (200.04e6, 200e6, "200.04ms"), (200.3e6, 200.4e6, "200.3ms"), (2e9, 5e9, "2.00s"),
    (50e6, 50e6, "50.0ms"), (60.000_1e9, 60e9, "1m00s"),
])
func aValueIsToldFromItsLimit(_ value: Double, _ limit: Double, _ text: String) {
    let told = NumberFormat.quantity(Quantity(value, .nanoseconds), toldFrom: Quantity(limit, .nanoseconds))
    #expect(told == text)
}

@Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (951_827_696_999, "2000-02-29T12:34:56Z"), (1_785_269_672_000, "2026-07-28T20:14:32Z"),
    (4_107_542_399_000, "2100-02-28T23:59:59Z"), (-1, "1969-12-31T23:59:59Z"),
])
func writesMoments(_ unixMilliseconds: Int64, _ text: String) {
    #expect(UTCTime.text(unixMilliseconds: unixMilliseconds) == text)
}
