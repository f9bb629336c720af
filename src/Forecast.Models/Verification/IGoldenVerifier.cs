using Forecast.Core;

namespace Forecast.Models.Verification;

/// <summary>Runs the inputs of golden files through one family of networks. Listed in <see cref="GoldenVerifiers"/>.</summary>
public interface IGoldenVerifier
{
    /// <summary>What <c>forecast verify --model</c> takes.</summary>
    string Model { get; }

    /// <summary>Words that a file's <c>family</c> may say.</summary>
    IReadOnlyList<string> Families { get; }

    /// <summary>Whether a file is one of this network's. Networks that share a family tell their files apart by the kind.</summary>
    /// <param name="family">What the file says.</param>
    /// <param name="kind"><c>_kind</c> of its configuration, or null.</param>
    bool Reads(string family, string? kind) => Families.Contains(family, StringComparer.Ordinal);

    /// <summary>
    /// Builds the network of the file's configuration, loads its weights, runs each input, and hands over every result under the
    /// name that the file gives it. What the file does not hold is ignored; what it holds and nobody hands over is reported as missing.
    /// </summary>
    /// <exception cref="ForecastException">The configuration is not one of this network, or the weights do not fit it.</exception>
    void Run(GoldenFile file, GoldenResults results);

    /// <summary>A tolerance of one tensor that differs from <see cref="GoldenTolerance"/>'s; null = that one.</summary>
    /// <param name="tensor">Full name, <c>golden.output.</c> included.</param>
    double? ToleranceOf(string tensor) => null;
}
