using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Marks modules that hold no parameters, buffers or sub-modules of their own.</summary>
public interface IParameterLessModule;

/// <summary>A function of 1 argument in the form of a module. Registering components is refused.</summary>
public abstract class ParameterLessModule<T1, TResult> : nn.Module<T1, TResult>, IParameterLessModule
{
    protected ParameterLessModule(string name) : base(name)
    {
    }

    public override void register_buffer(string name, Tensor tensor, bool persistent = true) => throw ParameterLess.Refusal(GetName(), "buffer", name);

    public override void register_parameter(string name, Parameter param) => throw ParameterLess.Refusal(GetName(), "parameter", name);

    public override void register_module(string name, nn.Module submodule) => throw ParameterLess.Refusal(GetName(), "module", name);
}

/// <summary>A function of 2 arguments in the form of a module. Registering components is refused.</summary>
public abstract class ParameterLessModule<T1, T2, TResult> : nn.Module<T1, T2, TResult>, IParameterLessModule
{
    protected ParameterLessModule(string name) : base(name)
    {
    }

    public override void register_buffer(string name, Tensor tensor, bool persistent = true) => throw ParameterLess.Refusal(GetName(), "buffer", name);

    public override void register_parameter(string name, Parameter param) => throw ParameterLess.Refusal(GetName(), "parameter", name);

    public override void register_module(string name, nn.Module submodule) => throw ParameterLess.Refusal(GetName(), "module", name);
}

internal static class ParameterLess
{
    internal static InvalidOperationException Refusal(string module, string kind, string name) =>
        new($"'{module}' is a module without parameters; {kind} '{name}' cannot be registered with it.");
}
