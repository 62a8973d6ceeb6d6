import LoadMetrics
import Testing

@Test func catalogHasTheMetricsOfTheLanguage() {
    func names(_ kind: MetricKind) -> String {
        MetricCatalog.builtIn.definitions.filter { $0.kind == kind }.map { metric in
            metric.name + (metric.ownTags.isEmpty ? "" : "{" + metric.ownTags.joined(separator: ",") + "}")
        }.joined(separator: " ")
    }
    #expect(
        names(.counter)
            == "ws_sessions ws_msgs_sent ws_msgs_received ws_errors{kind} ws_closes{code,by} ws_inbox_dropped iterations "
            + "dropped_iterations data_sent data_received ws_payload_sent ws_payload_received")
    #expect(names(.rate) == "checks{check} ws_session_failed")
    #expect(names(.gauge) == "vus vus_max ws_open")
    #expect(
        names(.trend)
            == "ws_connecting ws_dns ws_tcp ws_tls ws_upgrade ws_session_duration ws_ping ws_await{name} "
            + "iteration_duration timer_lag")
}
