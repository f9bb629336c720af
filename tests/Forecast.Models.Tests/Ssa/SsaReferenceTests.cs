using Forecast.Models.Ssa;

namespace Forecast.Models.Tests.Ssa;

/// <summary>Every case of ssa*.json at the tolerances of its README: 1e-10 singular values, 1e-8 reconstructions, 1e-6 forecasts.</summary>
public sealed class SsaReferenceTests
{
    private const int Triples = 12;

    public static TheoryData<string, string> Cases => OracleFile.Cases("ssa*.json");

    [Fact]
    public void The_repository_has_five_cases() => Cases.Count.ShouldBeGreaterThanOrEqualTo(5);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Spectrum_and_recurrence_are_the_oracle_s(string file, string id)
    {
        var (c, fit) = Fit(file, id);
        Near(fit.SingularValues, Numbers(c, "singular_values_first12"), 1e-10);
        Near(fit.Shares, Numbers(c, "share_of_variance_first12"), 1e-9);
        Near(fit.Recurrence, Numbers(c, "recurrence_coefficients_oldest_first"), 1e-8);
        fit.Verticality.ShouldBe((double)c.Expected["verticality_nu2"]!, 1e-8);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Reconstructions_are_the_oracle_s(string file, string id)
    {
        var (c, fit) = Fit(file, id);
        Near(fit.Reconstruction(), Numbers(c, "reconstruction_rank_r"), 1e-8);
        foreach (var group in c.Expected["groups"]!.AsArray())
        {
            var sum = new double[c.Values.Length];
            foreach (var k in group!["components_0based"]!.AsArray())
            {
                var component = fit.Component((int)k!);
                for (var t = 0; t < sum.Length; t++) sum[t] += component[t];
            }

            Near(sum, OracleFile.Numbers(group["series"]), 1e-8);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forecasts_are_the_oracle_s(string file, string id)
    {
        var (c, fit) = Fit(file, id);
        var horizon = (int)c.Case["model"]!["horizon"]!;
        Near(fit.Forecast(horizon, SsaForecastMethod.Recurrent), Numbers(c, "recurrent_forecast"), 1e-6);
        Near(fit.Forecast(horizon, SsaForecastMethod.Vector), Numbers(c, "vector_forecast"), 1e-6);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weighted_correlations_are_the_oracle_s(string file, string id)
    {
        var (c, fit) = Fit(file, id);
        var expected = c.Expected["w_correlation_first8_abs"]!.AsArray();
        var correlations = fit.WeightedCorrelations(expected.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            var row = OracleFile.Numbers(expected[i]);
            for (var j = 0; j < row.Length; j++) correlations[i][j].ShouldBe(row[j], 1e-8);
        }
    }

    private static (OracleFile Case, SsaFit Fit) Fit(string file, string id)
    {
        var c = OracleFile.Load(file, id);
        var model = c.Case["model"]!;
        ((string)model["centering"]!).ShouldBe("none");
        return (c, SsaFit.Of(id, c.Values, (int)model["window"]!, (int)model["rank"]!, Triples));
    }

    private static double[] Numbers(OracleFile c, string key) => OracleFile.Numbers(c.Expected[key]);

    /// <summary>Relative to the value, or to the mean size of all where the value happens to be near 0.</summary>
    private static void Near(IReadOnlyList<double> actual, double[] expected, double tolerance)
    {
        var size = expected.Average(Math.Abs);
        for (var i = 0; i < expected.Length; i++) actual[i].ShouldBe(expected[i], tolerance * Math.Max(Math.Abs(expected[i]), 1e-2 * size), $"entry {i}");
    }
}
