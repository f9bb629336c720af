using Forecast.Models.Ets;

namespace Forecast.Models.Tests.Ets;

public sealed class EtsKernelTests
{
    private const int Period = 4;

    public static TheoryData<string, bool> Forms
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var form in EtsForm.All)
            {
                data.Add(form.ToString(), false);
                data.Add(form.ToString(), true);
            }

            return data;
        }
    }

    [Fact]
    public void There_are_thirty_forms() => EtsForm.All.Distinct().Count().ShouldBe(30);

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_compiled_recursion_is_the_plain_one(string name, bool gaps)
    {
        var (form, y, f, x, _, _) = Setup(name, gaps);
        var value = f.Value(x);
        double.IsFinite(value).ShouldBeTrue();

        var season = form.HasSeason ? new double[Period] : [];
        for (var j = 0; j < season.Length - 1; j++) season[Period - 1 - j] = x[f.Count - Period + 1 + j];
        if (form.HasSeason) season[0] = (form.Season == EtsPart.Multiplicative ? Period : 0) - season.Sum();
        var filter = new EtsFilter(form, f.Point, season);
        double squares = 0, logs = 0;
        var n = 0;
        foreach (var v in y)
        {
            var mu = filter.Mean();
            if (double.IsNaN(v))
            {
                filter.Skip();
                continue;
            }

            n++;
            var r = filter.Absorb(v);
            squares += r * r;
            if (form.Error == EtsPart.Multiplicative) logs += Math.Log(mu);
        }

        value.ShouldBe((n * Math.Log(squares)) + (2 * logs), 1e-10 * n);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_gradient_is_that_of_central_differences(string name, bool gaps)
    {
        var (_, _, f, x, _, _) = Setup(name, gaps);
        f.Value(x);
        var gradient = new double[f.Count];
        f.Gradient(gradient);
        for (var i = 0; i < f.Count; i++)
        {
            const double h = 1e-5;
            var kept = x[i];
            x[i] = kept + h;
            var above = f.Value(x);
            x[i] = kept - h;
            var below = f.Value(x);
            x[i] = kept;
            var numeric = (above - below) / (2 * h);
            gradient[i].ShouldBe(numeric, 1e-5 * Math.Max(1, Math.Abs(numeric)), $"derivative {i} of {name}");
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Derivatives_of_the_residuals_are_those_of_central_differences(string name, bool gaps)
    {
        var (_, y, f, x, trace, tangents) = Setup(name, gaps);
        f.Value(x);
        f.Differentiate();
        var rows = tangents.Residuals(y.Length).ToArray();
        for (var i = 0; i < f.Count; i++)
        {
            const double h = 1e-5;
            var kept = x[i];
            x[i] = kept + h;
            f.Value(x);
            double[] above = [.. trace.Residual];
            x[i] = kept - h;
            f.Value(x);
            x[i] = kept;
            for (var t = 0; t < y.Length; t++)
            {
                var numeric = (above[t] - trace.Residual[t]) / (2 * h);
                rows[(t * tangents.Width) + i].ShouldBe(numeric, 1e-6 * Math.Max(1, Math.Abs(numeric)), $"residual {t} by variable {i} of {name}");
            }
        }
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(7, false)]
    [InlineData(12, true)]
    public void Admissible_parameters_are_those_whose_polynomial_has_no_root_outside_the_unit_circle(int period, bool damped)
    {
        var random = new Random(5);
        var form = new EtsForm(EtsPart.Additive, EtsPart.Additive, damped, EtsPart.Additive);
        int inside = 0, outside = 0;
        for (var i = 0; i < 400; i++)
        {
            double alpha = random.NextDouble(), beta = alpha * random.NextDouble(), gamma = random.NextDouble() * (1.3 - alpha), phi = damped ? 0.8 + (0.18 * random.NextDouble()) : 1;
            double[] ascending =
            [
                phi * (1 - alpha - gamma),
                alpha + beta - (alpha * phi) + gamma - 1,
                .. Enumerable.Repeat(alpha + beta - (alpha * phi), period - 2),
                alpha + beta - phi,
                1,
            ];
            var largest = MathNet.Numerics.FindRoots.Polynomial(ascending).Max(r => r.Magnitude);
            if (Math.Abs(largest - 1) < 1e-6 || gamma > 1 + (1 / phi) - alpha) continue;
            EtsStability.IsAdmissible(form, period, new EtsPoint(alpha, beta, gamma, phi, 0, 0)).ShouldBe(largest < 1, $"{alpha} {beta} {gamma} {phi}: {largest}");
            if (largest < 1) inside++;
            else outside++;
        }

        inside.ShouldBeGreaterThan(20);
        outside.ShouldBeGreaterThan(5);
    }

    private static (EtsForm Form, double[] Values, EtsObjective Objective, double[] X, EtsTrace Trace, EtsTangents Tangents) Setup(string name, bool gaps)
    {
        var form = EtsForm.Parse(name);
        var random = new Random(3);
        double[] y = [.. Enumerable.Range(0, 40).Select(t => (10 + (0.2 * t) + Math.Sin(t * Math.PI / 2)) * (0.95 + (0.1 * random.NextDouble())))];
        if (gaps) y[7] = y[8] = y[39] = double.NaN;
        var sample = EtsSample.Of("s", y);
        var (trace, tangents) = (new EtsTrace(y.Length, Period), new EtsTangents(y.Length, Period, 6 + Period));
        var f = new EtsObjective(form, sample, Period, EtsBounds.Both, trace, tangents);
        var x = new double[f.Count];
        f.Start(EtsStarts.Of(sample.Filled, form, Period), 0.3, 0.2, 0.4, 0.9, x);
        return (form, sample.Values, f, x, trace, tangents);
    }
}
