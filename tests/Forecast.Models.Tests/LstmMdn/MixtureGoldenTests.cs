using Forecast.Models.LstmMdn;
using Forecast.Models.Tests.Weights;
using Forecast.Models.Training;
using Forecast.Models.Verification;
using Forecast.Models.Weights;
using static TorchSharp.torch;

namespace Forecast.Models.Tests.LstmMdn;

/// <summary>The network, its loss and its gradients against the golden files, in the engine and in plain double precision.</summary>
public sealed class MixtureGoldenTests
{
    private const double Forward = 1e-5;

    public static TheoryData<string> Files => [.. GoldenFiles.All("mdn_*.safetensors")];

    [Theory]
    [MemberData(nameof(Files))]
    public void Forward_loss_gradients_and_a_step_of_descent_are_the_golden_ones(string path)
    {
        using var file = GoldenFile.Open(path, null, CPU);
        var report = GoldenReport.Make(file, "lstm-mdn", new GoldenTolerance(Forward));
        report.Tensors.Count.ShouldBeGreaterThan(20);
        report.Tensors.Where(t => !t.Within).Select(t => $"{t.Name}: {t.MaxRelative:E2} {t.Note}").ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_plain_network_and_the_mixture_give_the_golden_moments_and_distribution_function(string path)
    {
        using var scope = NewDisposeScope();
        using var file = WeightFile.Open(path);
        var shape = ShapeOf(file);
        var weights = file.Names.Where(n => !n.StartsWith("golden.", StringComparison.Ordinal)).ToDictionary(n => n, n => file[n].ToTensor().data<float>().ToArray(), StringComparer.Ordinal);
        var plain = new PlainNetwork(shape, weights);
        double[] Golden(string name) => [.. file[$"golden.{name}"].ToTensor().data<float>().ToArray().Select(v => (double)v)];
        double[] x = Golden("input.x"), points = Golden("input.cdf_points"), means = Golden("output.mixture_mean"), variances = Golden("output.mixture_variance"), cdf = Golden("output.mixture_cdf");
        var batch = (int)file["golden.input.x"].Shape[0];
        var (size, outputs) = (x.Length / batch, shape.Steps * shape.Components);
        double[] pi = new double[outputs], mu = new double[outputs], sigma = new double[outputs];
        for (var i = 0; i < batch; i++)
        {
            plain.Forward(x.AsSpan(i * size, size), pi, mu, sigma);
            for (var h = 0; h < shape.Steps; h++)
            {
                var (from, at) = (h * shape.Components, (i * shape.Steps) + h);
                var mixture = new GaussianMixture(pi.AsSpan(from, shape.Components), mu.AsSpan(from, shape.Components), sigma.AsSpan(from, shape.Components));
                Near(mixture.Mean, means[at], Forward, "mean", means.Max(Math.Abs));
                Near(mixture.Variance, variances[at], Forward, "variance", variances.Max());
                for (var p = 0; p < points.Length; p++) Near(mixture.Cdf(points[p]), cdf[(at * points.Length) + p], Forward, "distribution function", 1);
            }
        }
    }

    [Theory]
    [InlineData(false, 0, DeviationLink.Softplus)]
    [InlineData(true, 10, DeviationLink.Elu)]
    public void The_plain_network_equals_the_engine(bool rectified, int dense, DeviationLink link)
    {
        using var scope = NewDisposeScope();
        var shape = new MixtureShape(2, 6, 1, dense, 1, 3, rectified, link);
        using var network = new MixtureNetwork(shape);
        InitialWeights.Draw(network, 7);
        network.Start(7);
        var plain = new PlainNetwork(shape, network.state_dict().ToDictionary(s => s.Key, s => s.Value.detach().data<float>().ToArray(), StringComparer.Ordinal));
        var input = randn([4, 10, 2]);
        var (logPi, mu, sigma) = network.call(input);
        var values = input.data<float>().ToArray();
        double[] pi = new double[3], m = new double[3], s = new double[3];
        for (var i = 0; i < 4; i++)
        {
            plain.Forward(Array.ConvertAll(values[(i * 20)..((i + 1) * 20)], v => (double)v), pi, m, s);
            for (var k = 0; k < 3; k++)
            {
                Near(Math.Log(pi[k]), logPi[i, 0, k].item<float>(), 1e-5, "log pi", 1);
                Near(m[k], mu[i, 0, k].item<float>(), 1e-5, "mu", 1);
                Near(s[k], sigma[i, 0, k].item<float>(), 1e-5, "sigma", 1);
            }
        }
    }

    private static MixtureShape ShapeOf(IWeightFile file)
    {
        var layers = file.Names.Count(n => n.StartsWith("lstm.weight_ih_l", StringComparison.Ordinal));
        var steps = (int)file["golden.input.target"].Shape[1];
        return new MixtureShape((int)file["lstm.weight_ih_l0"].Shape[1], (int)file["lstm.weight_hh_l0"].Shape[1], layers, 0, steps, (int)file["pi.weight"].Shape[0] / steps, false, DeviationLink.Softplus);
    }

    private static void Near(double own, double golden, double tolerance, string what, double? size = null) =>
        Math.Abs(own - golden).ShouldBeLessThan(tolerance * (size ?? Math.Abs(golden)), what);
}
