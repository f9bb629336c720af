using Forecast.Backtest.Metrics;
using Forecast.Backtest.Results;
using Forecast.Core;

namespace Forecast.Backtest.Tests.Metrics;

public class ScoreTableTests
{
    private static readonly double[] Levels = [0.1, 0.5, 0.9];

    private static readonly ScoreRow[] Rows =
    [
        new("a", "1", 6, 5, [3, 5, 8], 2, 4),
        new("a", "2", 5, 7, [4, 7, 9], 2, 4),
        new("a", "3", double.NaN, 7, [4, 7, 9], 2, 4),
        new("b", "1", 10, 14, [11, 14, 18]),
    ];

    [Fact]
    public void Scores_stand_by_id_and_over_all()
    {
        var scores = ScoreTable.Score(Rows, Levels, "mine");

        Value(scores, "a", "MAE").ShouldBe(1.5);
        Value(scores, "a", "MASE").ShouldBe(0.75);
        Value(scores, "a", "RMSSE").ShouldBe(Math.Sqrt(2.5 / 4), 1e-15);
        Value(scores, "a", "coverage@0.8").ShouldBe(1);
        Value(scores, "a", "winkler@0.8").ShouldBe(5);
        Value(scores, "a", "MSIS@0.8").ShouldBe(2.5);
        Value(scores, "b", "winkler@0.8").ShouldBe(7 + 10, 1e-12);
        Value(scores, "b", "below@0.1").ShouldBe(1);
        Value(scores, "all", "MAE").ShouldBe(7.0 / 3, 1e-15);
        Value(scores, "all", "pinball@0.5").ShouldBe(7.0 / 6, 1e-15);
        Value(scores, "all", "WQL@0.5").ShouldBe(7.0 / 21, 1e-15);
        Value(scores, "all", "qCRPS").ShouldBe(2 * Value(scores, "all", "pinball"), 1e-15);
        scores.ShouldAllBe(s => s.Model == "mine");
        scores.Select(s => s.Series).Distinct().ShouldBe(["a", "b", "all"]);
    }

    [Fact]
    public void What_has_no_value_says_why()
    {
        var scores = ScoreTable.Score(Rows, Levels);

        Single(scores, "b", "MASE").Value.ShouldBe(double.NaN);
        Single(scores, "b", "MASE").Note.ShouldContain("seasonal naive");
        Single(scores, "all", "MASE").ShouldBe(new MetricValue("", "all", "MASE", 0.75, 2, "over the 2 of 3 forecasts that allow it"));
        Single(scores, "a", "CRPS").Note.ShouldBe("the model gives no distribution that has one");
        Single(scores, "b", "ACF1").Note.ShouldContain("fewer than two errors");
        scores.Where(s => double.IsNaN(s.Value)).ShouldAllBe(s => s.Note.Length > 0 && s.Count == 0);
    }

    [Fact]
    public void A_table_without_quantiles_has_point_scores_only()
    {
        var scores = ScoreTable.Score([new ScoreRow("a", "1", 1, 2, [])], []);

        scores.Select(s => s.Name).ShouldContain("RMSE");
        scores.Select(s => s.Name).ShouldNotContain(n => n.Contains('@') || n.StartsWith("WQL", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_levels_that_mirror_each_other_make_an_interval()
    {
        var names = ScoreTable.Score([new ScoreRow("a", "1", 1, 2, [0, 1, 2, 3])], [0.025, 0.05, 0.5, 0.975]).Select(s => s.Name).ToArray();

        names.Where(n => n.StartsWith("coverage@", StringComparison.Ordinal)).Distinct().ShouldBe(["coverage@0.95"]);
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "no-rows", "no forecasts" },
        { "timestamp-duplicate", "row 2: series 'a' has a second forecast for 1" },
        { "forecast-missing", "row 2: series 'a' has no forecast (mean) for 2" },
        { "quantiles-length", "row 2: 1 quantiles for 3 levels" },
        { "value-infinite", "row 2: series 'a' has an infinite value at 2" },
        { "scale-negative", "row 2: series 'a' has a negative train scale" },
        { "level-order", "levels must ascend" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Tables_that_make_no_sense_are_refused(string code, string part)
    {
        var (first, second) = (Rows[0], Rows[1]);
        ScoreRow[] rows = code switch
        {
            "no-rows" => [],
            "timestamp-duplicate" => [first, second with { Time = "1" }],
            "forecast-missing" => [first, second with { Mean = double.NaN }],
            "quantiles-length" => [first, second with { Quantiles = [1] }],
            "value-infinite" => [first, second with { Actual = double.PositiveInfinity }],
            "scale-negative" => [first, second with { SquaredScale = -1 }],
            _ => [first],
        };
        var error = Should.Throw<ForecastException>(() => ScoreTable.Score(rows, string.Equals(code, "level-order", StringComparison.Ordinal) ? [0.5, 0.1, 0.9] : Levels));

        error.Code.ShouldBe(code);
        error.Message.ShouldContain(part);
    }

    private static MetricValue Single(IReadOnlyList<MetricValue> scores, string series, string name) =>
        scores.Single(s => string.Equals(s.Series, series, StringComparison.Ordinal) && string.Equals(s.Name, name, StringComparison.Ordinal));

    private static double Value(IReadOnlyList<MetricValue> scores, string series, string name) => Single(scores, series, name).Value;
}
