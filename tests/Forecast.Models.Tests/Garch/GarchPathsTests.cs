using Forecast.Models.Garch;
using Forecast.Models.Innovations;

namespace Forecast.Models.Tests.Garch;

public sealed class GarchPathsTests
{
    public static TheoryData<GarchSpecification, int> Cases => new()
    {
        { new(1, 1), 0 },
        { new(1, 1, InnovationKind.StudentT), 0 },
        { new(2, 3, InnovationKind.Ged, hasMean: false), 0 },
        { new(3, 0, InnovationKind.Normal, hasMean: true, arOrder: 2, maOrder: 1), 0 },
        { new(1, 2, InnovationKind.StudentT, hasMean: true, arOrder: 1, maOrder: 3), 2 },
    };

    /// <summary>The quick simulation has the bits of the plain one, whatever the number of paths, the steps skipped and the block's edge.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void They_are_the_paths_of_the_plain_simulation(GarchSpecification specification, int differences)
    {
        var theta = Theta(specification);
        var sample = new GarchSample(GarchSimulator.WithGaps(GarchSimulator.Draw(specification, theta, 60, 4), 5, 4));
        var path = GarchRecursion.Filter(specification, sample, theta);
        double[] levels = [.. Enumerable.Range(0, differences).Select(j => 10.0 - j)];
        var plain = new GarchProjection(specification, theta, path, levels);
        var quick = new GarchPaths(specification, theta, path, levels);
        foreach (var (count, skip, horizon) in ((int, int, int)[])[(1, 0, 1), (1000, 0, 10), (203, 3, 7), (5, 1, 3000)])
        {
            var expected = plain.Simulate(count, skip + horizon, 11);
            var steps = quick.Simulate(count, skip, horizon, 11);
            for (var k = 0; k < horizon; k++)
                for (var p = 0; p < count; p++) steps[k][p].ShouldBe(expected[(p * (skip + horizon)) + skip + k]);
        }
    }

    private static double[] Theta(GarchSpecification s)
    {
        var theta = new double[s.Names.Count];
        for (var i = 0; i < theta.Length; i++)
        {
            var name = s.Names[i];
            theta[i] = name switch
            {
                "mu" => 0.03,
                "omega" => 0.1,
                "shape" => s.Innovation == InnovationKind.Ged ? 1.3 : 5,
                _ when name.StartsWith("alpha", StringComparison.Ordinal) => 0.2 / s.ArchOrder,
                _ when name.StartsWith("beta", StringComparison.Ordinal) => 0.7 / s.GarchOrder,
                _ when name.StartsWith("ar", StringComparison.Ordinal) => 0.4 / s.ArOrder,
                _ => -0.2,
            };
        }

        return theta;
    }
}
