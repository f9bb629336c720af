using System.Text.Json.Serialization;

namespace Forecast.Backtest.Risk;

/// <summary>
/// Dynamic quantile test (Engle and Manganelli 2004): y_t = 1[hit] - p is regressed on a constant, its own lags and, where wanted, the
/// VaR of the day; DQ = b'X'Xb / (p (1-p)) over t = lags+1..T is chi-square with one degree of freedom a regressor.
/// </summary>
/// <remarks>
/// Regressors that are combinations of those before them (all lags, when there is no exceedance; a VaR that never moves) carry no
/// information and are left out: X'b is the same, the degrees of freedom are the rank, and <see cref="Note"/> says so. So there is an
/// answer for no exceedance (DQ = n p/(1-p)) and for exceedances only (n (1-p)/p), each with 1 degree of freedom.
/// </remarks>
public sealed record DynamicQuantile
{
    private const double Collinear = 1e-10;

    /// <summary>What y is regressed on.</summary>
    [JsonPropertyName("regressors")]
    public required string Regressors { get; init; }

    /// <summary>Days of the regression.</summary>
    [JsonPropertyName("n")]
    public required int Days { get; init; }

    /// <summary>Degrees of freedom: independent regressors.</summary>
    [JsonPropertyName("df")]
    public required int Degrees { get; init; }

    /// <summary>Null when there are not more days than lags.</summary>
    [JsonPropertyName("stat")]
    public required double? Statistic { get; init; }

    [JsonPropertyName("p_value")]
    public required double? PValue { get; init; }

    /// <summary>Coefficients in the order of the regressors; null for one that is left out.</summary>
    [JsonPropertyName("beta")]
    public required IReadOnlyList<double?> Coefficients { get; init; }

    [JsonPropertyName("note")]
    public string? Note { get; init; }

    /// <param name="hits">Exceedances in time.</param>
    /// <param name="alpha">p.</param>
    /// <param name="lags">Lags of y.</param>
    /// <param name="valueAtRisk">VaR of each day as a further regressor, or empty.</param>
    public static DynamicQuantile Of(ReadOnlySpan<bool> hits, double alpha, int lags = 4, ReadOnlySpan<double> valueAtRisk = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lags);
        var regressors = $"const, hit lags 1..{lags}{(valueAtRisk.Length > 0 ? ", VaR_t" : "")}";
        var n = hits.Length - lags;
        if (n < 1) return new() { Regressors = regressors, Days = 0, Degrees = 0, Statistic = null, PValue = null, Coefficients = [], Note = $"{hits.Length} days are too few for {lags} lags" };
        var y = new double[n];
        var columns = new double[1 + lags + (valueAtRisk.Length > 0 ? 1 : 0)][];
        for (var k = 0; k < columns.Length; k++) columns[k] = new double[n];
        for (var i = 0; i < n; i++)
        {
            var t = i + lags;
            y[i] = Demeaned(hits[t]);
            columns[0][i] = 1;
            for (var k = 1; k <= lags; k++) columns[k][i] = Demeaned(hits[t - k]);
            if (valueAtRisk.Length > 0) columns[^1][i] = valueAtRisk[t];
        }

        var (explained, rank, beta) = Project(columns, y);
        var statistic = explained / (alpha * (1 - alpha));
        return new()
        {
            Regressors = regressors,
            Days = n,
            Degrees = rank,
            Statistic = statistic,
            PValue = Tails.ChiSquared(statistic, rank),
            Coefficients = [.. beta.Select(Tails.Known)],
            Note = rank == columns.Length ? null : $"{columns.Length - rank} of {columns.Length} regressors are combinations of the others and left out",
        };

        double Demeaned(bool hit) => (hit ? 1 : 0) - alpha;
    }

    /// <summary>Squared length of y's projection on the columns, their rank, and the coefficients (NaN for a dependent column): Gram-Schmidt, each column cleaned twice.</summary>
    private static (double Explained, int Rank, double[] Beta) Project(double[][] columns, double[] y)
    {
        var basis = new List<(double[] Unit, double[] Upper, int Column)>();
        for (var k = 0; k < columns.Length; k++)
        {
            var q = (double[])columns[k].Clone();
            var size = Math.Sqrt(Dot(q, q));
            var upper = new double[basis.Count + 1];
            for (var pass = 0; pass < 2; pass++)
            {
                for (var j = 0; j < basis.Count; j++)
                {
                    var share = Dot(basis[j].Unit, q);
                    upper[j] += share;
                    for (var i = 0; i < q.Length; i++) q[i] -= share * basis[j].Unit[i];
                }
            }

            var left = Math.Sqrt(Dot(q, q));
            if (!(left > Collinear * size)) continue;
            upper[^1] = left;
            for (var i = 0; i < q.Length; i++) q[i] /= left;
            basis.Add((q, upper, k));
        }

        var shares = basis.ConvertAll(b => Dot(b.Unit, y));
        var beta = new double[columns.Length];
        Array.Fill(beta, double.NaN);
        for (var j = basis.Count - 1; j >= 0; j--)
        {
            var rest = shares[j];
            for (var m = j + 1; m < basis.Count; m++) rest -= basis[m].Upper[j] * beta[basis[m].Column];
            beta[basis[j].Column] = rest / basis[j].Upper[j];
        }

        return (shares.Sum(s => s * s), basis.Count, beta);
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
