using Forecast.Core;
using Forecast.Models.Weights;
using static TorchSharp.torch;

namespace Forecast.Models.Verification;

/// <summary>One tensor of a golden file beside what the network gave.</summary>
/// <param name="Name">As in the file.</param>
/// <param name="Shape">As in the file.</param>
/// <param name="MaxAbsolute">max |a - b|; NaN where it cannot be compared.</param>
/// <param name="MaxRelative">max |a - b| / max |b| over the tensor; NaN where it cannot be compared.</param>
/// <param name="Tolerance">Greatest <paramref name="MaxRelative"/>.</param>
/// <param name="Within">Whether it is met.</param>
/// <param name="Note">Why it cannot be compared; null when it can.</param>
public sealed record GoldenComparison(string Name, IReadOnlyList<long> Shape, double MaxAbsolute, double MaxRelative, double Tolerance, bool Within, string? Note);

/// <summary>A golden file beside what the network gave.</summary>
/// <param name="Model">The network's name.</param>
/// <param name="Family">What the file says of itself.</param>
/// <param name="Tensors">In the order of the file.</param>
public sealed record GoldenReport(string Model, string? Family, IReadOnlyList<GoldenComparison> Tensors)
{
    public bool Passed => Tensors.All(t => t.Within);

    /// <summary>Runs the file and compares every result in it.</summary>
    /// <param name="file">The golden file.</param>
    /// <param name="model">The network; null = by the file's family.</param>
    /// <param name="tolerance">How close to come.</param>
    /// <exception cref="ForecastException">No such network, or the file is not one of its.</exception>
    public static GoldenReport Make(GoldenFile file, string? model, GoldenTolerance tolerance)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Make(file, GoldenVerifiers.Find(model, file.Family, file.Kind), tolerance);
    }

    /// <inheritdoc cref="Make(GoldenFile, string?, GoldenTolerance)"/>
    public static GoldenReport Make(GoldenFile file, IGoldenVerifier verifier, GoldenTolerance tolerance)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(verifier);
        ArgumentNullException.ThrowIfNull(tolerance);
        var results = new GoldenResults();
        using (NewDisposeScope()) verifier.Run(file, results);
        return new GoldenReport(verifier.Model, file.Family, [.. file.Expected.Select(n => Compare(file, n, results, verifier, tolerance))]);
    }

    private static GoldenComparison Compare(GoldenFile file, string name, GoldenResults results, IGoldenVerifier verifier, GoldenTolerance tolerance)
    {
        var wanted = file.Wanted(name);
        var allowed = verifier.ToleranceOf(name) ?? tolerance.Of(name, wanted.Type);
        if (!results.TryGet(name, out var given)) return Failed("the network does not give it");
        if (!given.Shape.AsSpan().SequenceEqual(wanted.Shape.AsSpan())) return Failed($"the network gives the shape [{string.Join(", ", given.Shape)}]");
        double[] expected;
        using (var host = wanted.ToTensor()) expected = GoldenResults.Host(host);
        double largest = 0, difference = 0;
        var misplaced = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            var (a, b) = (given.Values[i], expected[i]);
            if (double.IsNaN(a) != double.IsNaN(b)) misplaced++;
            else if (!double.IsNaN(b) && !a.Equals(b)) difference = Math.Max(difference, Math.Abs(a - b));
            if (double.IsFinite(b)) largest = Math.Max(largest, Math.Abs(b));
        }

        if (misplaced > 0) return Failed($"{misplaced} values are NaN on one side only");
        var relative = difference == 0 ? 0 : difference / largest;
        return new GoldenComparison(name, wanted.Shape, difference, relative, allowed, relative <= allowed || GoldenTolerance.IsSmallGradient(name, largest, difference), null);

        GoldenComparison Failed(string note) => new(name, wanted.Shape, double.NaN, double.NaN, allowed, false, note);
    }
}
