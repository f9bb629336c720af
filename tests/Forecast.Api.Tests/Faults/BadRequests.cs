namespace Forecast.Api.Tests.Faults;

/// <summary>A request that must be refused.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Address.</param>
/// <param name="Body">JSON, or null.</param>
/// <param name="Status">Expected status.</param>
/// <param name="Code">Expected end of the problem type.</param>
/// <param name="Where">Expected pointer (begins with '/') or parameter of the first error; null = none is told.</param>
public sealed record BadRequest(string Method, string Path, string? Body, int Status, string Code, string? Where);

/// <summary>The table of what can be wrong.</summary>
internal static class BadRequests
{
    public static IReadOnlyList<BadRequest> All { get; } =
    [
        Forecast("", 400, "json-invalid", ""),
        Forecast("{", 400, "json-invalid", ""),
        Forecast("[]", 400, "json-invalid", ""),
        Forecast("null", 400, "json-invalid", ""),
        Forecast("""{"model":"naive","model":"mean"}""", 400, "json-invalid", ""),
        Forecast("{}", 422, "request-invalid", "/model"),
        With("model", "null", "member-missing", "/model"),
        With("model", "7", "type-invalid", "/model"),
        With("model", "\"\"", "text-empty", "/model"),
        With("model", "\"nave\"", "model-unknown", "/model"),
        With("model", "\"arima(1,0\"", "model-malformed", "/model"),
        With("model", "\"arima(1)\"", "model-argument", "/model"),
        With("model", "\"naive{colour: red}\"", "model-option-unknown", "/model"),
        With("model", "\"\\ud800\"", "text-invalid", "/model"),
        With("model", $"\"{new string('x', 1001)}\"", "text-too-long", "/model"),
        With("model", "\"nobody@1\"", "model-version-unknown", "/model"),
        With("model", "\"nobody@x\"", "model-reference-invalid", "/model"),
        new("POST", "/v1/models/x/versions", "{}", 422, "member-missing", "/forecastId"),
        new("POST", "/v1/models/x/versions", """{"forecastId":"none"}""", 404, "forecast-unknown", null),
        new("GET", "/v1/models/x/versions/one", null, 400, "version-invalid", "version"),
        new("GET", "/v1/models/x/versions/1", null, 404, "model-version-unknown", null),
        new("GET", "/v1/models/x/versions?after=x", null, 400, "after-invalid", "after"),
        new("POST", "/v1/models/x/versions/1/promote", "{}", 404, "model-version-unknown", null),
        new("POST", "/v1/models/x/versions/1/retire", "{}", 404, "model-version-unknown", null),
        new("POST", "/v1/models/x/versions/1/retire", """{"reason":7}""", 422, "type-invalid", "/reason"),
        With("frequency", "\"daily\"", "frequency-unknown", "/frequency"),
        With("frequency", "null", "member-missing", "/frequency"),
        With("calendar", "\"NYSE\"", "calendar-unknown", "/calendar"),
        With("horizon", "0", "horizon-invalid", "/horizon"),
        With("horizon", "1001", "horizon-invalid", "/horizon"),
        With("horizon", "1.5", "horizon-invalid", "/horizon"),
        With("horizon", "\"3\"", "type-invalid", "/horizon"),
        With("levels", "[]", "array-empty", "/levels"),
        With("levels", "0.5", "type-invalid", "/levels"),
        With("levels", "[0.5,1]", "level-invalid", "/levels/1"),
        With("levels", "[0.5,0.5]", "level-order", "/levels/1"),
        With("levels", "[null]", "type-invalid", "/levels/0"),
        With("seed", "-1", "seed-invalid", "/seed"),
        With("seed", "18446744073709551616", "seed-invalid", "/seed"),
        With("refit", "\"sometimes\"", "refit-unknown", "/refit"),
        With("modle", "1", "member-unknown", "/modle"),
        With("a/b~c", "1", "member-unknown", "/a~1b~0c"),
        With("series", "[]", "array-empty", "/series"),
        With("series", "{}", "type-invalid", "/series"),
        With("series", "[1]", "type-invalid", "/series/0"),
        Series("""{"id":"a","start":"2024-01-01","values":[1,2]},{"id":"a","start":"2024-01-01","values":[1,2]}""", "series-duplicate", "/series/1/id"),
        Series("""{"start":"2024-01-01","values":[1]}""", "member-missing", "/series/0/id"),
        Series("""{"id":"  ","start":"2024-01-01","values":[1]}""", "text-empty", "/series/0/id"),
        Series("""{"id":"a","start":"2024-01-01"}""", "member-missing", "/series/0/values"),
        Series("""{"id":"a","start":"2024-01-01","values":[]}""", "array-empty", "/series/0/values"),
        Series("""{"id":"a","start":"2024-01-01","values":[1,"2"]}""", "type-invalid", "/series/0/values/1"),
        Series("""{"id":"a","start":"2024-01-01","values":[1e999]}""", "value-infinite", "/series/0/values/0"),
        Series("""{"id":"a","values":[1]}""", "start-missing", "/series/0/start"),
        Series("""{"id":"a","start":"01.02.2024","values":[1]}""", "date-invalid", "/series/0/start"),
        Series("""{"id":"a","start":"2024-02-30","values":[1]}""", "date-invalid", "/series/0/start"),
        Series("""{"id":"a","start":"9998-12-30","values":[1,2,3,4,5],"vals":1}""", "member-unknown", "/series/0/vals"),
        Series("""{"id":"a","start":"2024-01-01","timestamps":["2024-01-01"],"values":[1]}""", "start-and-timestamps", "/series/0/start"),
        Series("""{"id":"a","timestamps":["2024-01-01"],"values":[1,2]}""", "timestamps-length", "/series/0/timestamps"),
        Series("""{"id":"a","timestamps":["2024-01-02","2024-01-01"],"values":[1,2]}""", "timestamps-unsorted", "/series/0/timestamps/1"),
        Series("""{"id":"a","timestamps":["2024-01-02","2024-01-02"],"values":[1,2]}""", "timestamp-duplicate", "/series/0/timestamps/1"),
        Series("""{"id":"a","timestamps":["2024-01-02","x"],"values":[1,2]}""", "date-invalid", "/series/0/timestamps/1"),
        Series("""{"id":"a","timestamps":["2024-01-02","2024-01-03T12:00:00Z"],"values":[1,2]}""", "frequency-contradicted", "/series/0/timestamps/1"),
        Series("""{"id":"a","timestamps":["1924-01-02","2024-01-03"],"values":[1,2]}""", "frequency-contradicted", "/series/0/timestamps"),
        Series("""{"id":"a","timestamps":["2024-01-01","2024-01-03"],"values":[1,2],"past":{"p":[1,2]}}""", "timestamps-gap", "/series/0/timestamps"),
        Series("""{"id":"a","start":"2024-01-01","values":[1,2],"past":{"p":[1]}}""", "column-length", "/series/0/past/p"),
        Series("""{"id":"a","start":"2024-01-01","values":[1,2],"future":{"f":[1,2]}}""", "column-length", "/series/0/future/f"),
        Series("""{"id":"a","start":"2024-01-01","values":[1,2],"past":{"a":[1,2]}}""", "column-duplicate", "/series/0"),
        Series("""{"id":"a","start":"2024-01-01","values":[1,2],"static":{"s":"x"}}""", "type-invalid", "/series/0/static/s"),
        Series("""{"id":"a","start":"2024-01-01","values":[1,2],"past":[]}""", "type-invalid", "/series/0/past"),
        Series("""{"id":"a","start":"2024-01-01","values":[null,null]}""", "series-too-short", "/series/0", "garch"),
        new("POST", "/v1/forecasts", """{"model":"naive","frequency":"B","calendar":"XNYS","horizon":1,"series":[{"id":"a","start":"2024-01-01","values":[1]}]}""", 422, "start-closed", "/series/0/start"),
        new("POST", "/v1/forecasts", """{"model":"naive","frequency":"index","horizon":1,"series":[{"id":"a","start":"2024-01-01","values":[1]}]}""", 422, "date-invalid", "/series/0/start"),
        new("POST", "/v1/forecasts", """{"model":"naive","frequency":"P1Y","horizon":1000,"series":[{"id":"a","start":"9990-01-01","values":[1,2,3]}]}""", 422, "time-out-of-range", "/series/0"),
        Backtest("data", "null", "member-missing", "/data"),
        Backtest("data", "\"no_such\"", "data-unknown", "/data"),
        Backtest("data", "\"/etc/passwd.csv\"", "data-syntax", "/data"),
        Backtest("data", "\"brent_spot:\"", "data-syntax", "/data"),
        Backtest("data", "\"brent_spot@NYSE\"", "calendar-unknown", "/calendar"),
        Backtest("models", "[]", "array-empty", "/models"),
        Backtest("models", "[\"naive\",\"nope\"]", "model-unknown", "/models/1"),
        Backtest("models", "[\"naive\",\"naive\"]", "model-duplicate", "/models/1"),
        Backtest("horizon", "0", "horizon-invalid", "/horizon"),
        Backtest("step", "0", "step-invalid", "/step"),
        Backtest("window", "\"rolling\"", "window-invalid", "/window"),
        Backtest("refit", "\"every:0\"", "refit-invalid", "/refit"),
        Backtest("gap", "-1", "gap-invalid", "/gap"),
        Backtest("from", "\"x\"", "date-invalid", "/from"),
        Backtest("to", "\"2001-01-01\"", "span-empty", "/to"),
        Backtest("from", "\"2098-01-01\"", "from-after-end", "/from"),
        Backtest("returns", "\"double\"", "returns-unknown", "/returns"),
        Backtest("strategy", "\"long-only\"", "type-invalid", "/strategy"),
        Backtest("strategy", """{"direction":"up"}""", "strategy-unknown", "/strategy/direction"),
        Backtest("strategy", """{"direction":"long-only","cost":0.9}""", "strategy-cost", "/strategy/cost"),
        Backtest("strategy", """{"direction":"long-only","momentum":[5,1.5]}""", "strategy-rows", "/strategy/momentum/1"),
        Backtest("strategy", """{"direction":"long-only","fee":1}""", "member-unknown", "/strategy/fee"),
        Backtest("risk", "[0.9]", "risk-invalid", "/risk/0"),
        Backtest("risk", "0.01", "type-invalid", "/risk"),
        Backtest("run", "\"x\"", "member-unknown", "/run"),
        new("POST", "/v1/schedules", "{}", 422, "request-invalid", "/name"),
        new("POST", "/v1/schedules", """{"name":"a b","cron":"0 6 * * *","backtest":{"data":"brent_spot","models":["naive"],"horizon":1}}""", 422, "schedule-name-invalid", "/name"),
        new("POST", "/v1/schedules", """{"name":"n","cron":"0 25 * * *","backtest":{"data":"brent_spot","models":["naive"],"horizon":1}}""", 422, "cron-invalid", "/cron"),
        new("POST", "/v1/schedules", """{"name":"n","cron":"0 0 0 1 1 ? 2020","backtest":{"data":"brent_spot","models":["naive"],"horizon":1}}""", 422, "cron-never", "/cron"),
        new("POST", "/v1/schedules", """{"name":"n","cron":"0 6 * * *","backtest":{"data":"brent_spot","models":["naive"],"horizon":1},"timeZone":"Mars"}""", 422, "time-zone-unknown", "/timeZone"),
        new("POST", "/v1/schedules", """{"name":"n","cron":"0 6 * * *","backtest":{"data":"brent_spot","models":["naive"],"horizon":1},"misfire":"twice"}""", 422, "misfire-unknown", "/misfire"),
        new("POST", "/v1/schedules", """{"name":"n","cron":"0 6 * * *","backtest":7}""", 422, "type-invalid", "/backtest"),
        new("POST", "/v1/schedules", """{"name":"n","cron":"0 6 * * *","backtest":{"data":"brent_spot","models":["nope"],"horizon":1}}""", 422, "model-unknown", "/backtest/models/0"),
        new("POST", "/v1/schedules", """{"name":"n","cron":"0 6 * * *","backtest":{"data":"no_such","models":["naive"],"horizon":1}}""", 422, "data-unknown", "/backtest/data"),
        new("GET", "/v1/schedules/nope", null, 404, "schedule-unknown", null),
        new("DELETE", "/v1/schedules/nope", null, 404, "schedule-unknown", null),
        new("PATCH", "/v1/schedules/nope", """{"state":"paused"}""", 404, "schedule-unknown", null),
        new("PATCH", "/v1/schedules/nope", """{"state":"asleep"}""", 422, "state-unknown", "/state"),
        new("POST", "/v1/retrainings", "{}", 422, "request-invalid", "/name"),
        new("POST", "/v1/retrainings", """{"name":"nobody","data":"brent_spot","horizon":1}""", 422, "model-missing", "/model"),
        new("POST", "/v1/retrainings", """{"name":"a b","data":"brent_spot","model":"naive","horizon":1}""", 422, "model-name-invalid", "/name"),
        new("POST", "/v1/retrainings", """{"name":"n","data":"no_such","model":"naive","horizon":1}""", 422, "data-unknown", "/data"),
        new("POST", "/v1/retrainings", """{"name":"n","data":"lynx","model":"naive","horizon":100}""", 422, "retraining-short", "/folds"),
        new("POST", "/v1/retrainings", """{"name":"n","data":"lynx","model":"naive","horizon":1,"rule":{"metric":"luck"}}""", 422, "metric-unknown", "/rule/metric"),
        new("POST", "/v1/retrainings", """{"name":"n","data":"fresh","model":"naive","horizon":1,"ingest":{"source":"ftp","from":"x"}}""", 422, "ingest-source", "/ingest/source"),
        new("POST", "/v1/retrainings", """{"name":"n","data":"fresh","model":"naive","horizon":1,"ingest":{"source":"file","from":"../x.csv"}}""", 422, "ingest-file", "/ingest/from"),
        new("POST", "/v1/retrainings", """{"name":"n","data":"fresh","model":"naive","horizon":1,"ingest":{"source":"url","from":"http://10.0.0.1/x.csv"}}""", 422, "url-private", "/ingest/from"),
        new("POST", "/v1/retrainings", """{"name":"n","data":"fresh","model":"naive","horizon":1,"ingest":{"source":"postgres","from":"x","query":"SELECT 1; DROP TABLE y"}}""", 422, "ingest-query", "/ingest/query"),
        new("POST", "/v1/schedules", """{"name":"n","cron":"0 6 * * *","retraining":{"name":"n","data":"no_such","model":"naive","horizon":1}}""", 422, "data-unknown", "/retraining/data"),
        new("GET", "/v1/retrainings/nope", null, 404, "retraining-unknown", null),
        new("POST", "/v1/retrainings/nope/approve", """{"reason":"x"}""", 404, "retraining-unknown", null),
        new("POST", "/v1/webhooks", """{"url":"ftp://example.org/x"}""", 422, "url-invalid", "/url"),
        new("POST", "/v1/webhooks", """{"url":"http://127.0.0.1:8080/v1/jobs"}""", 422, "url-private", "/url"),
        new("POST", "/v1/webhooks", """{"url":"http://[::ffff:10.0.0.1]/"}""", 422, "url-private", "/url"),
        new("GET", "/v1/webhooks/nope", null, 404, "webhook-unknown", null),
        new("DELETE", "/v1/webhooks/nope", null, 404, "webhook-unknown", null),
        new("GET", "/v1/jobs/nope", null, 404, "job-unknown", null),
        new("DELETE", "/v1/jobs/nope", null, 404, "job-unknown", null),
        new("GET", "/v1/jobs/nope/events", null, 404, "job-unknown", null),
        new("GET", "/v1/jobs?limit=0", null, 400, "limit-invalid", "limit"),
        new("GET", "/v1/jobs?limit=x", null, 400, "limit-invalid", "limit"),
        new("GET", "/v1/jobs?after=x", null, 400, "cursor-invalid", null),
        new("GET", "/v1/jobs?state=asleep", null, 400, "state-unknown", "state"),
        new("GET", "/v1/runs?status=asleep", null, 400, "status-unknown", "status"),
        new("GET", "/v1/runs/nope", null, 404, "run-unknown", null),
        new("GET", "/v1/runs/nope/metrics", null, 404, "run-unknown", null),
        new("GET", "/v1/runs/nope/predictions", null, 404, "run-unknown", null),
        new("GET", "/v1/runs/nope/report", null, 404, "run-unknown", null),
        new("GET", "/v1/models/nope", null, 404, "not-found", null),
        new("GET", "/v1/datasets/nope", null, 404, "dataset-unknown", null),
        new("GET", "/v1/datasets/brent_spot/series/nope", null, 404, "not-found", null),
        new("GET", "/v1/datasets/brent_spot/series/brent_spot?last=0", null, 400, "last-invalid", "last"),
        new("GET", "/v1/nope", null, 404, "route-unknown", null),
        new("PUT", "/v1/limits", null, 405, "method-not-allowed", null),
    ];

    private const string Good = """{"id":"a","start":"2024-01-01","values":[1,2]}""";

    private static BadRequest Forecast(string body, int status, string code, string where) => new("POST", "/v1/forecasts", body, status, code, where);

    private static BadRequest With(string member, string value, string code, string where)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal) { ["model"] = "\"naive\"", ["frequency"] = "\"P1D\"", ["horizon"] = "3", ["series"] = $"[{Good}]", [member] = value };
        return new BadRequest("POST", "/v1/forecasts", $"{{{string.Join(',', members.Select(m => $"\"{m.Key}\":{m.Value}"))}}}", 422, code, where);
    }

    private static BadRequest Series(string series, string code, string where, string model = "naive") =>
        new("POST", "/v1/forecasts", $$"""{"model":"{{model}}","frequency":"P1D","horizon":3,"series":[{{series}}]}""", 422, code, where);

    private static BadRequest Backtest(string member, string value, string code, string? where)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal) { ["data"] = "\"brent_spot\"", ["models"] = "[\"naive\"]", ["horizon"] = "1", ["from"] = "\"2018-01-02\"", [member] = value };
        return new BadRequest("POST", "/v1/backtests", $"{{{string.Join(',', members.Select(m => $"\"{m.Key}\":{m.Value}"))}}}", 422, code, where);
    }
}
