using System.ComponentModel;
using System.Reflection;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace OpsAgent.Tests.Support;

/// <summary>On a class that runs an inherited suite: the Debian packages that it needs. Where one is missing its tests are skipped.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsServersAttribute(params string[] packages) : Attribute
{
    /// <summary>The Debian packages.</summary>
    public IReadOnlyList<string> Packages { get; } = packages;
}

/// <summary>A test of an abstract suite; whether it can run is told by <see cref="NeedsServersAttribute"/> of the class that runs it.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("OpsAgent.Tests.Support.SuiteFactDiscoverer", "OpsAgent.Tests.Support")]
public sealed class SuiteFactAttribute : FactAttribute;

/// <summary>The same for a test with cases.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("OpsAgent.Tests.Support.SuiteTheoryDiscoverer", "OpsAgent.Tests.Support")]
public sealed class SuiteTheoryAttribute : TheoryAttribute;

/// <summary>xunit makes it by its name.</summary>
public sealed class SuiteFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    /// <inheritdoc/>
    protected override IXunitTestCase CreateTestCase(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        new SuiteTestCase(DiagnosticMessageSink, discoveryOptions, testMethod, null);
}

/// <summary>xunit makes it by its name.</summary>
public sealed class SuiteTheoryDiscoverer(IMessageSink messages) : TheoryDiscoverer(messages)
{
    /// <inheritdoc/>
    protected override IEnumerable<IXunitTestCase> CreateTestCasesForDataRow(
        ITestFrameworkDiscoveryOptions discoveryOptions,
        ITestMethod testMethod,
        IAttributeInfo theoryAttribute,
        object[] dataRow) => [new SuiteTestCase(DiagnosticMessageSink, discoveryOptions, testMethod, dataRow)];
}

/// <summary>Asks the class, not the method, what it needs.</summary>
public sealed class SuiteTestCase : XunitTestCase
{
    /// <summary>For xunit, which reads its cases back from text.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [Obsolete("for xunit alone")]
    public SuiteTestCase()
    {
    }

    internal SuiteTestCase(IMessageSink messages, ITestFrameworkDiscoveryOptions options, ITestMethod method, object[]? row)
        : base(messages, options.MethodDisplayOrDefault(), options.MethodDisplayOptionsOrDefault(), method, row)
    {
    }

    /// <inheritdoc/>
    protected override string GetSkipReason(IAttributeInfo factAttribute) =>
        TestMethod.TestClass.Class.ToRuntimeType().GetCustomAttribute<NeedsServersAttribute>() is { } needs
            ? ServersHere.Missing([.. needs.Packages])!
            : base.GetSkipReason(factAttribute);
}
