namespace Forecast.Backtest.Risk;

/// <summary>One test for people: what was asked, the numbers, and the answer at 5 %.</summary>
/// <param name="Id">Name as in JSON.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Asks">What a small p speaks against.</param>
/// <param name="Statistic">NaN when there is none.</param>
/// <param name="Degrees">Degrees of freedom of a chi-square, else 0.</param>
/// <param name="PValue">NaN when there is none.</param>
/// <param name="Note">Why there is none, or what to know.</param>
public sealed record RiskRow(string Id, string Name, string Asks, double Statistic, int Degrees, double PValue, string Note = "")
{
    public const double Level = 0.05;

    /// <summary>True when the test speaks against the model at 5 %.</summary>
    public bool Rejected => PValue < Level;

    /// <summary>Every test of a model, in reading order: how many, when, how far.</summary>
    public static IReadOnlyList<RiskRow> Of(RiskTests tests)
    {
        ArgumentNullException.ThrowIfNull(tests);
        var (cc, dq, dqv, duration) = (tests.ConditionalCoverage, tests.DynamicQuantileHits, tests.DynamicQuantileVar, tests.Duration);
        var rows = new List<RiskRow>
        {
            new("kupiec_pof", "Kupiec, proportion", "as many exceedances as stated", tests.KupiecPof.Statistic, 1, tests.KupiecPof.PValue),
            new("kupiec_tuff", "Kupiec, first failure", "the first exceedance as late as stated", tests.KupiecTuff.Statistic, 1, tests.KupiecTuff.PValue, tests.KupiecTuff.First is null ? "no exceedance: the wait is censored" : ""),
            new("christoffersen_independence", "Christoffersen, independence", "no exceedance calls the next", tests.Independence.Statistic, 1, tests.Independence.PValue),
            new("christoffersen_cc", "Christoffersen, conditional coverage", "both", cc.Sum, 2, cc.PSum),
            new("dq_hits_only_lags4", "Dynamic quantile, hits", "exceedances cannot be foretold from the last four", Value(dq.Statistic), dq.Degrees, Value(dq.PValue), dq.Note ?? ""),
            new("dq_var_lags4", "Dynamic quantile, hits and VaR", "nor from the VaR", Value(dqv.Statistic), dqv.Degrees, Value(dqv.PValue), dqv.Note ?? ""),
            new("christoffersen_pelletier_duration", "Duration", "waits between exceedances have no memory", duration.Statistic, 1, duration.PValue, duration.Note ?? ""),
        };
        if (tests.Shortfall is { } es)
        {
            rows.Add(new("Z1", "Acerbi-Szekely Z1", "losses beyond VaR as large as ES says", Value(es.Z1), 0, Value(es.Z1PValue), es.Z1 is null ? "no exceedance" : "one-sided, simulated"));
            rows.Add(new("Z2", "Acerbi-Szekely Z2", "their number and size together", es.Z2, 0, es.Z2PValue, "one-sided, simulated"));
            rows.Add(new("mcneil_frey", "McNeil-Frey", "losses beyond VaR as large as ES says", Value(es.McNeilFrey.Statistic), 0, Value(es.McNeilFrey.PBootstrap), es.McNeilFrey.Note ?? "one-sided, bootstrap"));
        }

        if (tests.DuEscanciano is { } tail)
        {
            rows.Add(new("du_escanciano", "Du-Escanciano, unconditional", "the whole tail is right", tail.Unconditional, 0, tail.PValue));
            rows.Add(new("du_escanciano_conditional", "Du-Escanciano, conditional", "violations of the tail are not autocorrelated", Value(tail.Conditional), Risk.DuEscanciano.Lags, Value(tail.ConditionalPValue), tail.Conditional is null ? "too few days" : ""));
        }

        return rows;
    }

    private static double Value(double? number) => number ?? double.NaN;
}
